"""The police of pages finds each kind of fault, and lets a good page pass."""

from __future__ import annotations

import pytest

from tests.page_police import faults_of, police

GOOD = """<!doctype html><html lang="pl"><head><meta charset="utf-8"><title>Ankieta</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Ankieta</h1>{}</main></body></html>"""


def test_a_good_page_passes() -> None:
    police(
        GOOD.format('<label for="a">Imię</label><input id="a" name="a"><h2>Dalej</h2><a href="#a">Wróć</a>')
    )


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("<h1>Drugi</h1>", "2 times h1, not once"),
        ("<h3>Za głęboko</h3>", "h3 'Za głęboko' follows h1"),
        ("<h2> </h2>", "empty h2"),
        ('<p id="x">a</p><p id="x">b</p>', "id 'x' is there 2 times"),
        ('<input name="a">', 'no label: <input name="a">'),
        ('<label for="a"></label><select id="a" name="a"></select>', 'no label: <select id="a" name="a">'),
        ('<a href="#nie-ma">Dalej</a>', '<a href="#nie-ma"> leads nowhere'),
        (
            '<p aria-describedby="nie-ma">a</p>',
            "<p aria-describedby=\"nie-ma\"> points to the missing id 'nie-ma'",
        ),
        (
            '<button type="button"><span aria-hidden="true">×</span></button>',
            'no words in <button type="button">',
        ),
        ('<img src="/a.png">', 'no alt: <img src="/a.png">'),
        ("<fieldset><p>Bez legendy</p></fieldset>", "no legend: <fieldset>"),
        ("<svg></svg>", "a drawing that is neither hidden nor an image: <svg>"),
        ('<p style="color: red">a</p>', 'inline style: <p style="color: red">'),
        ("<script>1</script>", "inline script"),
        ('<p onclick="a()">a</p>', 'inline handler: <p onclick="a()">'),
        ('<a href="javascript:a()">a</a>', 'script in an address: <a href="javascript:a()">'),
        (
            '<img alt="" src="https://x.pl/a.png">',
            'loaded from elsewhere: <img alt="" src="https://x.pl/a.png">',
        ),
        ("<table><tr><td>1</td></tr></table>", "no caption: <table>"),
        ("<table><caption>T</caption><tr><th>A</th></tr></table>", "no scope: <th> 'A'"),
    ],
)
def test_each_fault_is_found_and_nothing_else(part: str, fault: str) -> None:
    assert faults_of(GOOD.format(part)) == [fault]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('lang="pl"', 'lang="en"', "the page does not say that it is in Polish"),
        ("<title>Ankieta", "<title>", "no title"),
        ("initial-scale=1", "maximum-scale=1", "the viewport does not fit a phone, or forbids zooming"),
    ],
)
def test_faults_of_the_frame_are_found(old: str, new: str, fault: str) -> None:
    assert faults_of(GOOD.replace(old, new).format("")) == [fault]


def test_broken_markup_is_found() -> None:
    assert any("not valid HTML" in fault for fault in faults_of(GOOD.format("<p><div>a</div></p>")))


def test_a_page_with_faults_fails_and_names_them_all() -> None:
    with pytest.raises(AssertionError, match=r"(?s)no alt.*inline script"):
        police(GOOD.format('<img src="/a.png"><script>1</script>'))
