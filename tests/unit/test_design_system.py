"""The design system without a browser: contrast, weight, and what its macros promise."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from wtforms import (
    Form,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from survey_app.errors import Fault
from survey_app.web.styleguide import styleguide
from tests.page_police import police

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "survey_app" / "web" / "static"
APP_CSS = (STATIC / "css" / "app.css").read_text(encoding="utf-8")
ALL_CSS = "".join(path.read_text(encoding="utf-8") for path in sorted((STATIC / "css").glob("*.css")))

GROUNDS = ["paper", "sheet"]
TEXT_PAIRS = [
    *((text, ground) for text in ("ink", "soft", "primary", "primary-deep", "danger") for ground in GROUNDS),
    *((text, "wash") for text in ("ink", "soft", "primary-deep")),
    *((kind, f"{kind}-wash") for kind in ("info", "success", "warning", "danger")),
    *(
        (text, f"{kind}-wash")
        for text in ("ink", "primary")
        for kind in ("info", "success", "warning", "danger")
    ),
    *((kind, ground) for kind in ("success", "warning", "info") for ground in GROUNDS),
    ("on-primary", "primary"),
    ("on-primary", "primary-deep"),
]
SHAPE_PAIRS = [
    *((shape, ground) for shape in ("edge", "primary", "danger", "ink") for ground in GROUNDS),
    ("edge", "wash"),
    ("primary", "wash"),
]


def colours(scheme: str) -> dict[str, str]:
    """The palette of one scheme, as the style sheet has it."""
    light, dark = re.findall(r":root \{([^}]*)\}", APP_CSS)[:2]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", light if scheme == "light" else dark))


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2: (lighter + 0.05) / (darker + 0.05) of the relative luminances."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb" in sRGB."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_is_computed_as_wcag_has_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_can_be_read_on_its_ground(scheme: str, text: str, ground: str) -> None:
    palette = colours(scheme)
    assert contrast(palette[text], palette[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_edge_of_a_control_can_be_seen(scheme: str, shape: str, ground: str) -> None:
    palette = colours(scheme)
    assert contrast(palette[shape], palette[ground]) >= 3


def test_both_schemes_name_the_same_colours() -> None:
    assert colours("light").keys() == colours("dark").keys()


def test_every_variable_that_is_used_is_defined() -> None:
    assert set(re.findall(r"var\(--([a-z-]+)\)", ALL_CSS)) <= set(re.findall(r"--([a-z-]+):", ALL_CSS))


def test_style_sheet_of_a_respondent_is_light() -> None:
    assert len(gzip.compress(APP_CSS.encode(), 9)) < 6_000
    assert all(font.stat().st_size < 25_000 for font in (STATIC / "fonts").glob("*.woff2"))


def test_renamed_font_does_not_carry_the_reserved_name() -> None:
    assert (STATIC / "fonts" / "OFL.txt").read_text(encoding="utf-8").count("SIL OPEN FONT LICENSE") >= 1
    assert not [path.name for path in (STATIC / "fonts").glob("*.woff2") if "source" in path.name.lower()]


# Macros --------------------------------------------------------------------------------------------------


def render(template: str, **context: Any) -> str:
    """A template that uses the macros, with undefined names as errors."""
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"), autoescape=True, undefined=StrictUndefined
    )
    imports = '{% import "macros/page.html" as page %}{% import "macros/forms.html" as forms %}'
    return environment.from_string(imports + template).render(context)


def test_field_error_is_tied_to_the_control_and_named_in_words() -> None:
    html = render('{{ forms.field("Kod", "kod", "x<y", error="Zły kod.", hint="Osiem znaków.") }}')
    assert 'aria-describedby="kod-hint kod-error" aria-invalid="true"' in html
    assert '<p class="error" id="kod-error"><span class="error-word">Błąd:</span> Zły kod.</p>' in html
    assert 'value="x&lt;y"' in html


def test_password_is_never_sent_back() -> None:
    assert "tajne" not in render('{{ forms.field("Hasło", "haslo", "tajne", type="password") }}')


def test_text_of_a_textarea_comes_back_unchanged() -> None:
    html = render('{{ forms.textarea("Opis", "opis", value) }}', value="\n</textarea><b>dwie\nlinie")
    assert ">\n\n&lt;/textarea&gt;&lt;b&gt;dwie\nlinie</textarea>" in html


def test_radios_mark_the_chosen_option_and_the_first_carries_the_id() -> None:
    html = render('{{ forms.radios("Tryb", "tryb", [("a", "A"), ("b", "B")], "b") }}')
    assert '<input type="radio" id="tryb" name="tryb" value="a">' in html
    assert '<input type="radio" id="tryb-2" name="tryb" value="b" checked>' in html


def test_option_may_carry_a_part_of_its_own() -> None:
    options = [{"value": "inna", "label": "Inna", "after": Markup("<input aria-label='jaka'>")}]
    assert "<input aria-label='jaka'>" in render('{{ forms.radios("T", "t", options) }}', options=options)


def test_error_summary_takes_pairs_and_faults_alike() -> None:
    faults = [
        ("kod", "Zły kod."),
        (None, "Ankieta jest zamknięta."),
        Fault("x", "opis", "Za długi.", "Skróć."),
    ]
    html = render("{{ forms.error_summary(faults) }}", faults=faults)
    assert '<a href="#kod">Zły kod.</a>' in html
    assert "<li>Ankieta jest zamknięta.</li>" in html
    assert '<a href="#opis">Za długi.</a> Skróć.' in html


def test_no_faults_no_summary() -> None:
    assert render("{{ forms.error_summary([]) }}").strip() == ""


def test_notice_has_a_word_and_a_sign_of_its_own_for_each_kind() -> None:
    notices = [
        render(f'{{{{ page.notice("{kind}", "T") }}}}') for kind in ("info", "success", "warning", "danger")
    ]
    assert len({re.search(r' d="([^"]+)"', html)[1] for html in notices}) == 4  # type: ignore[index]
    for html, word in zip(notices, ("Informacja", "Gotowe", "Uwaga", "Ważne"), strict=True):
        assert f"{word}: T" in html


@pytest.mark.parametrize(
    ("state", "word"),
    [("draft", "szkic"), ("open", "otwarta"), ("closed", "zamknięta"), ("locked", "zablokowana")],
)
def test_badge_says_the_state_in_polish(state: str, word: str) -> None:
    assert f"</svg>{word}</span>" in render("{{ page.badge(state) }}", state=state)


def test_table_heads_rows_and_columns() -> None:
    html = render('{{ page.table("T", ["Sektor", "n"], [["<b>", 3]], numeric=[1]) }}')
    assert '<th scope="col">Sektor</th><th scope="col" class="number">n</th>' in html
    assert '<th scope="row">&lt;b&gt;</th><td class="number">3</td>' in html


@pytest.mark.parametrize(
    ("number", "words"), [(1, ["Następna"]), (2, ["Poprzednia", "Następna"]), (3, ["Poprzednia"])]
)
def test_pager_leads_only_to_pages_that_exist(number: int, words: list[str]) -> None:
    html = render('{{ page.pager(number, 3, "/lista?s=PAGE") }}', number=number)
    assert re.findall("Poprzednia|Następna", html) == words
    assert f"Strona {number} z 3" in html


class ModeField(RadioField):  # type: ignore[misc]
    """A field of our own: what it looks like must not hang on its name."""


class StaffForm(Form):  # type: ignore[misc]  # WTForms ships no types
    person = StringField("Osoba", [InputRequired("Podaj osobę.")], description="Kto odpowiada.")
    mode = ModeField(
        "Tryb", [InputRequired("Wybierz tryb.")], choices=[SelectChoice("a", "A"), SelectChoice("b", "B")]
    )
    note = PasswordField("Hasło")
    text = TextAreaField("Treść", [InputRequired()])
    sector = SelectField("Sektor", choices=[SelectChoice("a", "A")])
    kinds = SelectMultipleField(
        "Rodzaje", choices=[SelectChoice("a", "A"), SelectChoice("b", "B")], default=["b"]
    )


def test_staff_form_looks_like_every_other_form() -> None:
    form = StaffForm()
    form.validate()
    html = render(
        "{{ forms.wtf_faults(form) }}{% for field in form %}{{ forms.wtf(field) }}{% endfor %}", form=form
    )
    assert 'aria-describedby="person-hint person-error" aria-invalid="true" class="input"' in html
    assert '<a href="#mode">Wybierz tryb.</a>' in html
    assert '<input type="radio" id="mode-2" name="mode" value="b"' in html
    assert '<input type="checkbox" id="kinds-2" name="kinds" value="b" checked>' in html
    assert 'class="input" id="sector" name="sector"' in html
    assert re.search(r'<textarea[^>]* id="text" name="text" required rows="5">', html)
    assert html.count("(nieobowiązkowe)") == 1


def test_page_that_shows_the_parts_passes_the_police_and_shows_every_part() -> None:
    app = Flask("survey_app.web", template_folder=str(ROOT / "templates"), static_folder=str(STATIC))
    app.register_blueprint(styleguide)
    app.secret_key = "only for this test"
    police(app.test_client().get("/styleguide").text)
    source = (ROOT / "templates" / "styleguide.html").read_text(encoding="utf-8") + (
        ROOT / "templates" / "panel_base.html"
    ).read_text(encoding="utf-8")
    assert [name for name in public_macros() if f".{name.split('.')[1]}(" not in source] == [
        "page.logo",
        "page.skip_link",
        "forms.wtf_faults",
    ]


def test_every_part_is_documented() -> None:
    guide = (ROOT / "docs" / "design-system.md").read_text(encoding="utf-8")
    assert [name for name in public_macros() if f"`{name}(" not in guide] == []


def public_macros() -> list[str]:
    """Every macro that pages may use, as they call it."""
    return [
        f"{file}.{name}"
        for file in ("page", "forms")
        for name in re.findall(
            r"\{% macro ([a-z]\w*)\(",
            (ROOT / "templates" / "macros" / f"{file}.html").read_text(encoding="utf-8"),
        )
    ]
