"""What the library takes as a file, what it reads of it, and which addresses it asks."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import socket
import ssl
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pypdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from survey_app.errors import ConflictError, InvalidInputError
from survey_app.services.library import file_reader, link_probe, read_text, shelf, words
from survey_app.services.library.files import MAX_SIZE, MEDIA_TYPES, check_file
from survey_app.services.library.read_text import text_of
from tests.example_files import a_docx, a_pdf, an_image
from tests.hostile_files import BILLION, noughts, workbook

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = 'xmlns:office="urn:o" xmlns:text="urn:t"'
RUNS = "<w:p><w:r><w:t>%s</w:t></w:r><w:r><w:t>%s</w:t></w:r></w:p><w:p><w:r><w:t>dalej</w:t></w:r></w:p>"
PARAGRAPH = f'<w:document xmlns:w="{WORD}">{RUNS}</w:document>'
ODT = "<text:p>Klub <text:span>inte</text:span>gracji</text:p><text:p>Gmina</text:p>"


def an_odt() -> bytes:
    target = io.BytesIO()
    body = f"<office:body {OFFICE}>{ODT}</office:body>"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", MEDIA_TYPES["odt"])
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", body)
    return target.getvalue()


def locked_pdf() -> bytes:
    target, writer = io.BytesIO(), pypdf.PdfWriter(io.BytesIO(a_pdf("Tajne")))
    writer.encrypt("haslo", algorithm="RC4-128")
    writer.write(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kept_as", "holds"),
    [
        ("uchwala.pdf", a_pdf("Strategia gminy"), "uchwala.pdf", "Strategia gminy"),
        (
            "bez-konca",
            a_docx({"word/document.xml": PARAGRAPH % ("spół", "dzielni")}),
            "bez-konca.docx",
            "spółdzielni\ndalej",
        ),
        ("arkusz.pdf", workbook(), "arkusz.xlsx", "Szkoła"),
        ("pismo.odt", an_odt(), "pismo.odt", "Klub integracji\nGmina"),
        ("a.txt", "żółć i świetlica".encode("iso8859-2"), "a.txt", "żółć i świetlica"),
        ("a.html", "﻿dzieci spół-\r\ndzielni".encode(), "a.txt", "dzieci spółdzielni"),
        ('../„Raport” <b>"x"\u202e😀.pdf.exe', a_pdf(), "„Raport” -b-x-😀-pdf.pdf", "Strategia"),
        ("zamkniety.pdf", locked_pdf(), "zamkniety.pdf", ""),
    ],
)
def test_a_file_is_what_its_content_is(name: str, content: bytes, kept_as: str, holds: str) -> None:
    checked = check_file(name, content)
    assert checked.name == kept_as
    read = text_of(checked)
    assert holds in read if holds else read == ""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"x" * (MAX_SIZE + 1), "file_too_big"),
        (an_image("PNG"), "file_kind"),
        (b"MZ\x00\x01program", "file_kind"),
        (b"\xff\xfe\x00", "text_encoding"),
        (b"abc\x81\x83", "text_encoding"),
        (b"%PDF-1.7 i nic", "file_broken"),
        (a_pdf()[:-30], "file_broken"),
        (b"PK\x03\x04 i nic", "file_broken"),
        (a_docx({"word/vbaProject.bin": b"x"}), "docx_macros"),
        (a_docx({"word/document.xml": BILLION + "<x>&l11;</x>"}), "file_broken"),
        (noughts("word/media/x.bin", a_docx(), 70), "docx_too_big"),
    ],
)
def test_another_file_is_refused_with_words(content: bytes, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_file("a.docx", content)
    (fault,) = refused.value.faults
    assert (fault.code, fault.where) == (code, "content")
    assert fault.hint


def test_a_bomb_of_a_page_leaves_the_others_and_pictures_have_no_text() -> None:
    target = io.BytesIO()
    writer = pypdf.PdfWriter(io.BytesIO(a_pdf("Pierwsza strona")))
    page = writer.add_blank_page(100, 100)
    huge = pypdf.generic.StreamObject()
    huge.set_data(b"0 0 m " * 20_000_000)
    page[pypdf.generic.NameObject("/Contents")] = writer._add_object(huge.flate_encode())
    writer.write(target)
    assert "Pierwsza strona" in text_of(check_file("bomba.pdf", target.getvalue()))
    blank, empty = io.BytesIO(), pypdf.PdfWriter()
    empty.add_blank_page(100, 100)
    empty.write(blank)
    assert text_of(check_file("skan.pdf", blank.getvalue())) == ""


def test_a_reader_that_never_ends_is_ended_and_what_it_told_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("import os\nprint(sorted(os.environ), 'Początek', flush=True)\nwhile True: pass")
    monkeypatch.setattr(read_text, "_READER", endless)
    monkeypatch.setattr(read_text, "SECONDS", 2)
    monkeypatch.setenv("SECRET_KEY", "sekret")
    told = text_of(check_file("a.pdf", a_pdf()))
    assert told.endswith("Początek")
    assert "SECRET_KEY" not in told


def test_who_has_waited_long_for_another_file_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_text, "WAIT", 0.1)
    with read_text._TURN, pytest.raises(ConflictError, match="za chwilę"):
        text_of(check_file("a.pdf", a_pdf()))
    assert text_of(check_file("a.pdf", a_pdf())) == "Strategia"


def test_the_reader_may_take_so_much_memory_and_no_more() -> None:
    program = f"import runpy; runpy.run_path({file_reader.__file__!r})['_limit'](); bytearray(2**30)"
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=False)
    assert b"MemoryError" in done.stderr


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("spółdzielnie socjalne", "Zakładanie spółdzielni socjalnych."),
        ("SPOLDZIELNIE socjalne", "Zakładanie spółdzielni socjalnych."),
        ("zrodlo", "Nie było źródeł."),
        ("ustawa poz. 1143", "Ustawę ogłoszono pod poz. 1143."),
        ("w gminach", "Gmina"),
    ],
)
def test_words_are_found_in_any_form(asked: str, text: str) -> None:
    kept = words.weighed("", "", text)
    assert [forms & set(kept) for forms in words.asked(asked)].count(frozenset()) == 0
    marked = words.snippet(words.asked(asked), "Nic tu nie ma.", text)
    assert any(piece.found for piece in marked)
    assert "".join(piece.text for piece in marked) == text


def test_of_a_text_without_end_the_first_words_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where all its words are one, written in ever other ways: each is a question to the dictionary."""
    monkeypatch.setattr(words, "MOST_WORDS", 9)
    ways = ["gmina", "Gmina", "GMINA", "gMina", "gmIna", "gmiNa", "gminA"]
    found = words.weighed("Klub", "", " ".join([*ways, "szkoła", "tartak"]))
    assert {"klub", "gmina", "szkola"} <= set(found)
    assert "tartak" not in found


def test_another_word_is_not_found_and_the_title_says_most() -> None:
    kept = words.weighed("Spółdzielnia", "Gmina i spółdzielnie", "spółdzielni gminy klubu")
    assert (kept["spoldzielnia"], kept["gmina"], kept["klub"]) == (words.TITLE, words.DESCRIPTION, words.TEXT)
    assert not any(forms & set(kept) for forms in words.asked("samorząd"))
    long = "Słowo. " * 100 + "Klub integracji. " + "Dalej. " * 100
    pieces = words.snippet(words.asked("kluby"), long)
    assert pieces[0].text == pieces[-1].text == "…"
    assert [piece.text for piece in pieces if piece.found] == ["Klub"]
    assert sum(len(piece.text) for piece in pieces) < 3 * words.AROUND


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://urzad/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest",
        "http://224.0.0.1/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://127.1/",
        "http://0x7f.1/",
        "https://example.org:8443/",
        "https://kto:haslo@example.org/",
        "file:///etc/passwd",
        "ftp://example.org/",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_is_not_public_is_never_asked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", _nobody)
    with pytest.raises(link_probe.RefusedAddressError):
        link_probe.answers(url, lambda host, _: [host.strip("[]")])


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["::ffff:192.168.0.1"], []]
)
def test_a_name_that_leads_inside_is_never_asked(
    addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "create_connection", _nobody)
    with pytest.raises(link_probe.RefusedAddressError):
        link_probe.answers("https://example.org/", lambda *_: addresses)


def _nobody(*_args: object, **_named: object) -> socket.socket:
    raise AssertionError("a connection was made")


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A web server on this machine that stands for the public address 93.184.215.14; what it was asked for."""
    asked: list[str] = []

    class Pages(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            asked.append(f"{self.command} {self.path}")
            path = "/301/|loop" if self.path == "/loop" else self.path
            status, _, where = path.strip("/").partition("/")
            if self.command == "GET" and status == "405":
                status = "200"
            self.send_response(int(status))
            if where:
                self.send_header("Location", where.replace("|", "/"))
            self.end_headers()

        do_GET = do_HEAD  # noqa: N815  (what the server calls it)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    connect: Callable[..., socket.socket] = socket.create_connection

    def to_server(address: tuple[str, int], timeout: float) -> socket.socket:
        assert address[0] == "93.184.215.14"
        return connect(server.server_address, timeout)

    monkeypatch.setattr(socket, "create_connection", to_server)
    yield asked
    server.shutdown()
    server.server_close()


def test_what_a_page_answers_and_where_a_redirect_leads(web: list[str]) -> None:
    def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"] if host == "inside.example.org" else ["93.184.215.14"]

    def answers(path: str) -> bool:
        return link_probe.answers(f"http://example.org/{path}", resolve)

    assert answers("200")
    assert answers("405")
    assert web[-2:] == ["HEAD /405", "GET /405"]
    assert answers("301/|200")
    assert answers("403")  # it is there, for others
    assert not answers("404")
    assert not answers("500")
    assert not answers("301")
    assert not answers("loop")
    assert not answers("302/http:||[")  # an address that nobody can read
    with pytest.raises(link_probe.RefusedAddressError):
        answers("302/http:||inside.example.org|")
    with pytest.raises(link_probe.RefusedAddressError):
        answers("302/http:||169.254.169.254|")


def test_a_server_that_never_ends_its_answer_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over TLS as well: a byte now and then is no reason to wait on, and the worker has other things to do."""
    key, mark = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(mark, key)
    said_all = threading.Event()

    def serve(server: socket.socket) -> None:
        with server.accept()[0] as plain, contextlib.suppress(OSError):
            over = context.wrap_socket(plain, server_side=True)
            with over:
                over.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                for _ in range(120):
                    over.sendall(b"a")
                    time.sleep(0.05)
                said_all.set()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,), daemon=True)
        thread.start()
        connect: Callable[..., socket.socket] = socket.create_connection
        monkeypatch.setattr(
            socket, "create_connection", lambda _, timeout: connect(server.getsockname(), timeout)
        )
        trusting = ssl.create_default_context(cafile=str(mark))
        monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
        monkeypatch.setattr(link_probe, "WHOLE", 0.5)
        link_probe.answers("https://example.org/", lambda *_: ["93.184.215.14"])
        thread.join()
    assert not said_all.is_set()


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A key and a certificate of example.org that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "example.org")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("example.org")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    own, mark = folder / "key.pem", folder / "mark.pem"
    plain = serialization.NoEncryption()
    own.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    mark.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return own, mark


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("open: false", "open: no_why", "licences[8]"),
        ("    as_of: 2014-10-15\n    outdated_since", "    as_of: wczoraj\n    outdated_since", "acts[1]"),
        ("    outdated_since: 2025-06-01\n", "", "acts[3]"),
        ("    category: help\n", "    category: nowa\n", "acts[2]"),
        ("categories:", "kategorie:", "categories"),
    ],
)
def test_a_fault_of_the_file_is_named(before: str, after: str, place: str) -> None:
    text = Path(shelf.FILE).read_text(encoding="utf-8")
    if "no_why" in after:
        before, after = "    why: Zgoda obejmuje tylko zespoły, więc pozycji nie można pokazać każdemu.\n", ""
    assert before in text
    with pytest.raises(InvalidInputError) as refused:
        shelf.read_shelf(text.replace(before, after, 1))
    assert place in {fault.where for fault in refused.value.faults}
