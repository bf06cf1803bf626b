"""Files that a team keeps: what is taken, what is refused and why, who may open them, and how they are handed out."""

from __future__ import annotations

import io
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.models import Document, Evidence, Rating, RoundStakeholder
from survey_app.services import gminas
from survey_app.services.coding import document_files, documents
from survey_app.services.coding.document_files import check_file
from survey_app.services.context import Context
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.web.body_size import WITH_FILE
from tests.coding_rows import a_round, id_of, lay_open
from tests.example_files import a_docx, a_pdf, an_image
from tests.integration.staff import GMINA, OTHER_GMINA, Staff, staff

PAGE = f"/panel/{GMINA}/dokumenty"
BOMB = {"word/media/x.bin": b"\x00" * (document_files.MAX_UNPACKED + 1)}
ENTITIES = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa">]><w:document/>'


def send(person: Staff, name: str, content: bytes, title: str = "") -> tuple[int, str]:
    person.address = PAGE
    response = person.send(
        PAGE,
        {"content": (io.BytesIO(content), name), "title": title},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    for one in (*response.history, response):  # a large form lies in a file of the test's own
        one.request.environ["wsgi.input"].close()
    return response.status_code, response.text


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("strategia.pdf", a_pdf(), "application/pdf"),
        ("STRATEGIA.PDF", a_pdf(), "application/pdf"),
        ("uchwała nr 4.docx", a_docx(), document_files.MEDIA_TYPES["docx"]),
        ("skan.png", an_image("PNG"), "image/png"),
        ("skan.jpeg", an_image("JPEG"), "image/jpeg"),
        ("skan.jpg", an_image("JPEG"), "image/jpeg"),
    ],
)
def test_a_file_is_kept_as_it_came_and_handed_out_to_be_saved(
    app: Flask, name: str, content: bytes, media_type: str
) -> None:
    jan = staff(app, "jan@example.org")
    status, page = send(jan, name, content, "Strategia  2030")
    assert status == 200
    assert "Strategia 2030" in page
    address = re.search(rf'href="({PAGE}/\d+)"', page)
    assert address is not None
    response = jan.client.get(address[1])
    assert response.data == content
    assert response.content_type == media_type
    assert response.headers["Content-Disposition"].startswith("attachment; ")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("pusty.pdf", b"", "jest pusty"),
        ("strona.html", b"<script>alert(1)</script>", "tylko pliki PDF"),
        ("obraz.svg", b"<svg/>", "tylko pliki PDF"),
        ("makra.docm", a_docx(), "tylko pliki PDF"),
        ("bez_konca", a_pdf(), "tylko pliki PDF"),
        (".pdf.exe", a_pdf(), "tylko pliki PDF"),
        ("umowa.pdf.js", a_pdf(), "tylko pliki PDF"),
        ("strona.pdf", b"<!DOCTYPE html><script>alert(1)</script>", "to nie PDF"),
        ("podwojny.pdf", b"<html>" + a_pdf(), "to nie PDF"),
        ("uciety.pdf", a_pdf()[:-200], "to nie PDF"),
        ("naglowek.pdf", b"%PDF-1.7\n%%EOF\n", "to nie PDF"),
        ("donikad.pdf", b"%PDF-1.7\nx\nstartxref\n999999\n%%EOF\n", "to nie PDF"),
        ("zdjecie.pdf", an_image("PNG"), "to nie PDF"),
        ("archiwum.docx", b"PK\x05\x06" + b"\x00" * 18, "to nie dokument DOCX"),
        (
            "arkusz.docx",
            a_docx({"xl/workbook.xml": "<x/>"}, leave_out="word/document.xml"),
            "to nie dokument",
        ),
        ("bez_spisu.docx", a_docx(leave_out="[Content_Types].xml"), "to nie dokument DOCX"),
        ("makra.docx", a_docx({"word/vbaProject.bin": b"x"}), "makra"),
        ("makra.docx", a_docx({"word/VBAPROJECT.BIN": b"x"}), "makra"),
        ("makra.docx", a_docx({"[Content_Types].xml": "<Types>macroEnabled</Types>"}), "makra"),
        ("program.docx", a_docx({"word/embeddings/x.exe": b"MZ"}), "makra albo programy"),
        ("bomba.docx", a_docx(BOMB), "po rozpakowaniu jest za duży"),
        ("czesci.docx", a_docx({f"word/{n}.xml": "<x/>" for n in range(2001)}), "po rozpakowaniu"),
        ("encje.docx", a_docx({"word/document.xml": ENTITIES}), "to nie dokument DOCX"),
        ("uciety.docx", a_docx()[:-30], "to nie dokument DOCX"),
        ("skan.png", an_image("JPEG"), "to nie obraz PNG"),
        ("skan.jpg", an_image("PNG"), "to nie obraz JPEG"),
        ("skan.png", an_image("PNG", (200, 200))[:-40], "to nie obraz PNG"),
        ("skan.jpg", b"\xff\xd8\xff\xe0" + b"x" * 100, "to nie obraz JPEG"),
        ("ogromny.png", an_image("PNG", (8000, 5001)), "milionów punktów"),
        ("bomba.png", an_image("PNG", (14000, 14000)), "to nie obraz PNG"),
    ],
)
def test_what_is_not_what_it_says_is_refused(name: str, content: bytes, words: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_file(name, content)
    (fault,) = refused.value.faults
    assert words in fault.message
    assert fault.hint, "it says what to do, too"


def test_a_part_that_lies_about_its_size_is_broken() -> None:
    """The archive declares one byte for a part that holds a million."""
    honest = a_docx({"word/document.xml": "<w:document>" + " " * 1_000_000 + "</w:document>"})
    size = len("<w:document>" + " " * 1_000_000 + "</w:document>").to_bytes(4, "little")
    assert honest.count(size) == 2
    with pytest.raises(InvalidInputError, match="to nie dokument DOCX"):
        check_file("klamie.docx", honest.replace(size, b"\x01\x00\x00\x00"))


def test_a_locked_docx_is_refused_in_words() -> None:
    content = bytearray(a_docx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (found := content.find(mark, start)) >= 0:
            content[found + place] |= 1
            start = found + 4
    with pytest.raises(InvalidInputError, match="zabezpieczony hasłem"):
        check_file("tajny.docx", bytes(content))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Anna\\Pulpit\\strategia.pdf", "strategia.pdf"),
        ("umowa.exe.pdf", "umowa-exe.pdf"),
        ("Notatka z 12.05.2026.pdf", "Notatka z 12.05.2026.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie- x=1.pdf"),
        ('zły"; filename="x.html.pdf', "zły- filename=-x-html.pdf"),
        ("\u202efdp.exe.pdf", "fdp-exe.pdf"),
        ("  .htaccess.pdf", "htaccess.pdf"),
        ("con.pdf", "plik-con.pdf"),
        ("...pdf", "dokument.pdf"),
        ("Zażółć gęślą jaźń.PDF", "Zażółć gęślą jaźń.pdf"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_a_hostile_name_is_cleaned(name: str, kept: str) -> None:
    assert check_file(name, a_pdf()).name == kept


def test_the_name_in_the_header_is_plain_for_old_browsers_and_whole_for_new_ones(
    app: Flask, sqlite_context: Context
) -> None:
    anna = staff(app, "anna@example.org")
    documents.upload(sqlite_context, GMINA, "", 'Gęśl "ostra"; x=.pdf', a_pdf(), None)
    header = anna.client.get(f"{PAGE}/1").headers["Content-Disposition"]
    assert header.startswith("attachment; filename=\"gesl-ostra-x.pdf\"; filename*=UTF-8''G%C4%99%C5%9Bl")
    assert "\n" not in header


def test_a_file_that_is_too_big_is_told_so_and_still_fits_the_request(context: Context) -> None:
    gminas.seed_pilot_gminas(context)
    assert document_files.MAX_SIZE + 64 * 1024 < WITH_FILE
    content = a_pdf() + b" " * document_files.MAX_SIZE
    with pytest.raises(InvalidInputError, match="za duży: najwyżej 7 MB"):
        documents.upload(context, GMINA, "", "duzy.pdf", content, None)


def test_a_large_file_fits_on_its_way_through_the_page(app: Flask) -> None:
    anna = staff(app, "anna@example.org")
    padded = io.BytesIO()
    with zipfile.ZipFile(padded, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
        archive.writestr("word/media/image1.png", b"x" * (document_files.MAX_SIZE - 4096))
    assert send(anna, "duzy.docx", padded.getvalue())[0] == 200
    status, page = send(anna, "za_duzy.docx", padded.getvalue() + b"x" * 8192)
    assert status == 422
    assert "najwyżej 7 MB" in page
    assert send(anna, "ogromny.docx", b"x" * (WITH_FILE + 1))[0] == 413


def test_the_same_file_twice_is_told_even_when_sent_twice_at_once(context: Context) -> None:
    gminas.seed_pilot_gminas(context)

    def upload(number: int) -> str:
        try:
            return documents.upload(context, GMINA, "Strategia", f"plik{number}.pdf", a_pdf(), None).title
        except ConflictError as error:
            return error.message

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(upload, range(2)), key=len)
    assert told[0] == "Strategia"
    assert "już tu jest, pod nazwą „Strategia”" in told[1]
    assert len(documents.stored(context, GMINA)) == 1
    assert documents.upload(context, OTHER_GMINA, "", "strategia.pdf", a_pdf(), None).title == "strategia"


def test_another_gminas_document_does_not_exist(app: Flask, sqlite_context: Context) -> None:
    kept = documents.upload(sqlite_context, GMINA, "Strategia", "strategia.pdf", a_pdf(), None)
    for email in ("obca@example.org", "obcy@example.org"):
        other = staff(app, email)
        assert other.client.get(f"{PAGE}/{kept.id}").status_code == 403
        assert other.client.get(f"/panel/{OTHER_GMINA}/dokumenty/{kept.id}").status_code == 404
        assert "Strategia" not in other.get(f"/panel/{OTHER_GMINA}/dokumenty")
    with pytest.raises(NotFoundError):
        documents.remove(sqlite_context, OTHER_GMINA, kept.id, None)


def test_the_list_does_not_tell_who_added_what(app: Flask) -> None:
    """A piece of evidence that points at it would tell whose rating it belongs to."""
    send(staff(app, "jan@example.org"), "strategia.pdf", a_pdf())
    for email in ("maria@example.org", "anna@example.org"):
        assert "Jan Łoś" not in staff(app, email).get(PAGE)


def test_a_refused_file_leaves_the_typed_title(app: Flask) -> None:
    jan = staff(app, "jan@example.org")
    status, page = send(jan, "strona.html", b"<p>", "Protokół z narady")
    assert status == 422
    assert 'value="Protokół z narady"' in page
    status, page = send(jan, "", b"", "Protokół z narady")
    assert status == 422
    assert "Prosimy wybrać plik" in page
    assert 'value="Protokół z narady"' in page


def test_only_the_coordinator_removes_and_never_what_evidence_points_at(
    app: Flask, sqlite_context: Context
) -> None:
    jan, anna = staff(app, "jan@example.org"), staff(app, "anna@example.org")
    send(jan, "strategia.pdf", a_pdf(), "Strategia")
    assert "Usuń" not in jan.get(PAGE)
    assert jan.send(f"{PAGE}/1/usuniecie").status_code == 403
    anna.get(f"{PAGE}/1/usuniecie")
    round_id = point_at(sqlite_context, 1)
    rating = anna.send(f"{PAGE}/1/usuniecie", follow_redirects=True).text
    assert "Trwają oceny indywidualne" in rating
    assert "dowodem w kodowaniu" not in rating, "whether a rater points at it is the rater's own"
    lay_open(sqlite_context, round_id)
    kept = anna.send(f"{PAGE}/1/usuniecie", follow_redirects=True).text
    assert "jest dowodem w kodowaniu" in kept
    assert documents.content_of(sqlite_context, GMINA, 1).content == a_pdf()
    with sqlite_context.database.transaction() as session:
        session.delete(session.scalars(select(Evidence)).one())
    assert "został usunięty" in anna.send(f"{PAGE}/1/usuniecie", follow_redirects=True).text
    with sqlite_context.database.reading() as session:
        assert session.scalars(select(Document)).all() == []


def point_at(context: Context, document_id: int) -> int:
    """Evidence of a rating, written straight into the tables; the id of its round comes back."""
    draft = StakeholderDraft(name="Szkoła", sector=next(iter(catalogue.catalogue_sectors())), internal=True)
    rated = catalogue.add_stakeholder(context, GMINA, draft, actor=None).id
    round_id = a_round(context, ("jan@example.org",))
    key = {
        "round_id": round_id,
        "person_id": id_of(context, "jan@example.org"),
        "stakeholder_id": rated,
        "criterion": "wplyw",
    }
    with context.database.transaction() as session:
        session.add(RoundStakeholder(round_id=round_id, stakeholder_id=rated))
        session.flush()
        session.add(Rating(**key, point=2))
        session.flush()
        session.add(Evidence(kind="document", document_id=document_id, **key))
    return round_id
