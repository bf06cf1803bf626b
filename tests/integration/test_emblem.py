"""The gmina's herb: who may change it, what is kept, and where a report shows it."""

from __future__ import annotations

import io
import zipfile

import pikepdf
import pytest
from flask import Flask
from lxml import etree
from PIL import Image

from survey_app.analysis.diagnoza.result import Edition
from survey_app.errors import InvalidInputError, NotFoundError
from survey_app.services import emblems
from survey_app.services.context import Context
from survey_app.services.survey import build_diagnoza, export_diagnoza, kept_reports, publish_report
from survey_app.store import audit
from survey_app.store.emblems import GminaEmblem
from tests.campaign_kit import GMINA as TOWN
from tests.integration.staff import GMINA, OTHER_GMINA, Staff, staff
from tests.integration.test_build_diagnoza import locked
from tests.pdf_structure import read_structure

PROPERTIES = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
PAGE = f"/panel/{GMINA}/herb"
ALTS = (
    'Herb gminy „Janów" & <b>Lubelski</b>',
    "Herb 🦬 z żubrem",
    "שלט العربية, czyli od prawej do lewej",
    "x" * 200,
)


def png(colour: tuple[int, ...] = (190, 30, 45), mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    Image.new(mode, (60, 80), colour).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def anna(app: Flask) -> Staff:
    person = staff(app, "anna@example.org")
    person.get(PAGE)
    return person


def uploaded(person: Staff, content: bytes, name: str = "herb.png", alt: str = "Herb gminy") -> int:
    typed = {"content": (io.BytesIO(content), name), "alt_text": alt}
    return person.send(PAGE, typed, content_type="multipart/form-data").status_code


def test_the_coordinator_uploads_sees_replaces_and_removes_it(anna: Staff, sqlite_context: Context) -> None:
    page = anna.get(PAGE)
    assert 'value="Herb gminy Janów Lubelski"' in page
    assert "są bez herbu" in page
    assert f'href="{PAGE}"' in anna.get(f"/panel/{GMINA}")
    assert uploaded(anna, png(), alt=ALTS[0]) == 303
    page = anna.get(PAGE)
    assert 'alt="Herb gminy „Janów&#34; &amp; &lt;b&gt;Lubelski&lt;/b&gt;"' in page
    first = anna.client.get(f"{PAGE}/obraz")
    assert first.mimetype == "image/png"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert first.headers["Cache-Control"] == "no-store"
    assert "sandbox" in first.headers["Content-Security-Policy"]
    assert uploaded(anna, png((0, 0, 200))) == 303
    assert anna.file(f"{PAGE}/obraz") != first.data
    assert anna.send(PAGE, {"alt_text": "Sam opis"}).status_code == 303  # without a file: the words alone
    kept = emblems.emblem(sqlite_context, GMINA)
    assert kept is not None
    assert kept.alt_text == "Sam opis"
    anna.get(f"{PAGE}/usuniecie")
    assert anna.send(f"{PAGE}/usuniecie").status_code == 303
    assert emblems.emblem(sqlite_context, GMINA) is None
    assert anna.client.get(f"{PAGE}/obraz").status_code == 404
    assert "Ta gmina nie ma herbu" in anna.get(f"{PAGE}/usuniecie")
    assert anna.send(f"{PAGE}/usuniecie").status_code == 303  # twice does no harm
    with sqlite_context.database.reading() as session:
        told = [one.action for one in audit.about(session, "gmina", GMINA)]
    assert told[-4:] == ["emblem_kept", "emblem_kept", "emblem_described", "emblem_removed"]


@pytest.mark.parametrize("alt", ALTS)
def test_any_words_may_describe_it(anna: Staff, sqlite_context: Context, alt: str) -> None:
    assert uploaded(anna, png(), alt=alt) == 303
    kept = emblems.emblem(sqlite_context, GMINA)
    assert kept is not None
    assert kept.alt_text == alt
    anna.get(PAGE)


def test_what_cannot_be_kept_is_refused_beside_its_field(anna: Staff, sqlite_context: Context) -> None:
    assert uploaded(anna, png()[:-20]) == 422
    assert uploaded(anna, b"tekst", "herb.png") == 422
    assert uploaded(anna, b"", "herb.png") == 422
    assert uploaded(anna, png(), alt=" ") == 422
    assert uploaded(anna, png(), alt="x" * 201) == 422
    assert anna.send(PAGE, {"alt_text": "Bez pliku"}).status_code == 422
    assert emblems.emblem(sqlite_context, GMINA) is None
    with pytest.raises(InvalidInputError):
        emblems.keep(sqlite_context, GMINA, png(), "znak \x07", None)
    with pytest.raises(NotFoundError):
        emblems.remove(sqlite_context, GMINA, None)


def test_only_the_own_coordinator_changes_it_and_only_the_team_sees_it(
    app: Flask, anna: Staff, sqlite_context: Context
) -> None:
    assert uploaded(anna, png()) == 303
    foreign = staff(app, "obca@example.org")
    foreign.get(f"/panel/{OTHER_GMINA}/herb")
    assert uploaded(foreign, png((0, 0, 0))) == 403
    assert foreign.send(f"{PAGE}/usuniecie").status_code == 403
    assert foreign.client.get(f"{PAGE}/obraz").status_code == 403
    member = staff(app, "jan@example.org")
    assert member.file(f"{PAGE}/obraz")
    assert member.client.get(PAGE).status_code == 403
    assert emblems.emblem(sqlite_context, OTHER_GMINA) is None


def figures(content: bytes) -> list[tuple[str, object]]:
    """The alternative text of every Figure of the file, with the pictures of its first page."""
    with pikepdf.open(io.BytesIO(content)) as file:
        pictures = file.pages[0].get_images()
        found = [
            str(one["/Alt"])
            for one in file.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
        ]
        assert all("/SMask" not in picture and "/Mask" not in picture for picture in pictures.values())
        return [(alt, len(pictures)) for alt in found]


@pytest.mark.parametrize("alt", ALTS[:3])
def test_every_format_of_the_report_shows_it(sqlite_context: Context, alt: str) -> None:
    context = sqlite_context
    campaign_id, gmina_code = locked(context).campaign.id, TOWN
    before = build_diagnoza.build(context, campaign_id, Edition.PUBLIC)
    bare = build_diagnoza.pdf(context, campaign_id, Edition.PUBLIC, None)
    emblems.keep(context, gmina_code, png((190, 30, 45, 90), "RGBA"), alt, None)
    assert build_diagnoza.build(context, campaign_id, Edition.PUBLIC) == before  # it is no number
    made = build_diagnoza.pdf(context, campaign_id, Edition.PUBLIC, None)
    assert made == build_diagnoza.pdf(context, campaign_id, Edition.PUBLIC, None)
    assert len(kept_reports.listed(context, campaign_id)) == 1
    assert (alt, 1) in figures(made)
    assert [one for one, _ in figures(made)][1:] == [one for one, _ in figures(bare)]
    kinds = [one.kind for one in read_structure(made).all("Figure", "H1", "P")]
    assert kinds[:2] == ["Figure", "H1"]
    with zipfile.ZipFile(io.BytesIO(export_diagnoza.docx(context, campaign_id, Edition.PUBLIC))) as word:
        body = word.read("word/document.xml")
    first = next(etree.fromstring(body).iter(PROPERTIES))
    assert first.get("descr") == alt


def test_a_published_file_keeps_its_own(sqlite_context: Context) -> None:
    context = sqlite_context
    campaign_id, gmina_code = locked(context).campaign.id, TOWN
    emblems.keep(context, gmina_code, png(), "Stary herb", None)
    build_diagnoza.pdf(context, campaign_id, Edition.PUBLIC, None)
    publish_report.publish(context, campaign_id, 1, "", None)
    published = kept_reports.published_file(context, campaign_id, 1)
    assert ("Stary herb", 1) in figures(published)
    emblems.keep(context, gmina_code, png((0, 90, 0)), "Nowy herb", None)
    assert kept_reports.published_file(context, campaign_id, 1) == published
    assert ("Nowy herb", 1) in figures(build_diagnoza.pdf(context, campaign_id, Edition.PUBLIC, None))


def test_a_report_comes_out_without_a_picture_that_cannot_be_read(sqlite_context: Context) -> None:
    context = sqlite_context
    campaign_id, gmina_code = locked(context).campaign.id, TOWN
    bare = build_diagnoza.pdf(context, campaign_id, Edition.PUBLIC, None)
    emblems.keep(context, gmina_code, png(), "Herb", None)
    with context.database.transaction() as session:
        row = session.get(GminaEmblem, gmina_code)
        assert row is not None
        row.content = row.content[:-30]
    assert build_diagnoza.document(context, campaign_id, Edition.PUBLIC).emblem is None
    assert build_diagnoza.pdf(context, campaign_id, Edition.PUBLIC, None) == bare
