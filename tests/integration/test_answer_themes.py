"""Open answers are given themes, text by text; nothing that this adds ties texts together or to anybody."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from sqlalchemy import inspect

from survey_app.errors import ConflictError, NotFoundError
from survey_app.instrument.values import Value
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing import answer_themes, themes
from survey_app.services.interviewing.answer_themes import Choice, Given
from survey_app.services.interviewing.themes import ThemeDraft
from survey_app.services.survey import open_texts
from survey_app.store import audit
from tests import attack
from tests.campaign_kit import GMINA, Held, add_gmina, hold, lock, send

PASSWORD = "cztery-zwykle-slowa-razem"
SAID: list[dict[str, Value]] = [
    {
        "p1": {"option": "edukacja"},
        "p6": [f"Świetlica numer {place}", f"Autobus {place}", f"Praca {place}"],
        "p10": f"Zdanie {place}",
    }
    for place in range(8)
]
NONE: frozenset[int] = frozenset()


def coder(context: Context, name: str) -> int:
    address = f"{name}@example.org"
    return accounts.create_user(context, address, name.title(), PASSWORD, member_of=GMINA).id


def locked(
    context: Context, said: Iterable[dict[str, Value]] = SAID, *, clear: bool = True, **changes: object
) -> Held:
    add_gmina(context, 12)
    held = hold(context, **changes)
    for code, values in zip(held.codes, said, strict=False):
        send(context, held, code, values)
    lock(context, held)
    if clear:
        for text in open_texts.waiting(context, held.campaign.id):
            open_texts.clear(context, text.id, text.text, actor=None)
    return held


def shown(context: Context, held: Held, person: int, question: str = "p6") -> answer_themes.CodableTexts:
    return answer_themes.texts(context, GMINA, held.campaign.id, question, person)


def give(
    context: Context, held: Held, person: int, wanted: dict[str, set[int]], question: str = "p6"
) -> Given:
    choices = {text: Choice(NONE, frozenset(chosen)) for text, chosen in wanted.items()}
    return answer_themes.give(context, GMINA, held.campaign.id, question, choices, person)


def first_theme(context: Context) -> int:
    return themes.tree(context, GMINA)[0].id


def test_only_cleared_words_of_locked_campaigns_are_offered(context: Context) -> None:
    held = locked(context, clear=False)
    anna = coder(context, "anna")
    assert answer_themes.campaigns(context, GMINA, anna)[0].questions == ()
    with pytest.raises(NotFoundError):
        shown(context, held, anna)
    first, second, *rest = [
        one for one in open_texts.waiting(context, held.campaign.id) if one.question_id == "p6"
    ]
    open_texts.clear(context, first.id, "Świetlica […]", actor=None)
    open_texts.withhold(context, second.id, actor=None)
    assert [one.words for one in shown(context, held, anna).answers] == ["Świetlica […]"]
    assert rest


def test_nobody_codes_while_the_campaign_runs_or_in_another_gmina(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    anna = coder(context, "anna")
    with pytest.raises(ConflictError):
        shown(context, held, anna)
    lock(context, held)
    with pytest.raises(NotFoundError):
        answer_themes.texts(context, "060505", held.campaign.id, "p6", anna)


def test_too_few_who_wrote_are_not_read_question_by_question(context: Context) -> None:
    """Two wrote under question 10; k is 3."""
    few = [
        {key: value for key, value in one.items() if key != "p10" or place < 2}
        for place, one in enumerate(SAID)
    ]
    held = locked(context, few)
    (found,) = answer_themes.campaigns(context, GMINA, coder(context, "anna"))
    assert [row.question.id for row in found.questions] == ["p6"]
    with pytest.raises(NotFoundError):
        shown(context, held, 1, "p10")


def test_themes_are_each_coders_own(context: Context) -> None:
    held = locked(context)
    anna, jan = coder(context, "anna"), coder(context, "jan")
    theme = first_theme(context)
    text = shown(context, held, anna).answers[0].id
    assert give(context, held, anna, {text: {theme}}) == Given(1, 0, 0)
    assert {one.id: one.theme_ids for one in shown(context, held, anna).answers}[text] == {theme}
    assert all(not one.theme_ids for one in shown(context, held, jan).answers)
    assert give(context, held, anna, {text: {theme}}) == Given(0, 0, 0)


def test_two_windows_of_one_coder_add_up(context: Context) -> None:
    held = locked(context)
    anna = coder(context, "anna")
    one, other = (node.id for node in themes.tree(context, GMINA)[:2])
    text = shown(context, held, anna).answers[0].id
    give(context, held, anna, {text: {one}})
    give(context, held, anna, {text: {other}})  # a window that was opened before
    where = (context, GMINA, held.campaign.id, "p6")
    assert {a.id: a.theme_ids for a in shown(context, held, anna).answers}[text] == {one, other}
    answer_themes.give(*where, {text: Choice(frozenset({one, other}), frozenset({other}))}, anna)
    assert {a.id: a.theme_ids for a in shown(context, held, anna).answers}[text] == {other}


def test_what_went_meanwhile_is_told_and_the_rest_is_kept(context: Context) -> None:
    held = locked(context)
    anna = coder(context, "anna")
    keeps, retires = (node.id for node in themes.tree(context, GMINA)[:2])
    stays, goes, *_ = [one.id for one in shown(context, held, anna).answers]
    give(context, held, anna, {stays: {retires}})
    open_texts.withhold(context, goes, actor=None)
    themes.retire(context, GMINA, retires, None)
    third = shown(context, held, anna).answers[-1].id
    given = give(
        context, held, anna, {stays: {keeps}, goes: {keeps}, third: {retires, 10**9}, "0" * 32: {keeps}}
    )
    assert given == Given(1, 2, 2)
    found = {one.id: one.theme_ids for one in shown(context, held, anna).answers}
    assert (found[stays], found[third]) == ({keeps, retires}, NONE)


def test_counts_of_themes_come_as_released_tables_only(context: Context) -> None:
    held = locked(context)
    anna, jan = coder(context, "anna"), coder(context, "jan")
    often, seldom = (node.id for node in themes.tree(context, GMINA)[:2])
    ids = [one.id for one in shown(context, held, anna).answers]
    give(context, held, anna, {one: {often} for one in ids[:3]} | {ids[5]: {seldom}})
    give(context, held, jan, {one: {often} for one in ids[2:5]})  # five texts, one of them by both
    rows = {
        row.question.id: row
        for row in answer_themes.campaign(context, GMINA, held.campaign.id, jan).questions
    }
    assert (rows["p6"].texts, rows["p6"].untouched) == (24, 21)
    assert rows["p6"].released.count(str(often), "texts") == 5
    assert rows["p6"].released.count(str(seldom), "texts") is None
    assert {row.counts for row in rows["p10"].released.rows} == {(None,)}


def test_a_named_campaign_shows_every_count(context: Context) -> None:
    held = locked(context, SAID[:1], mode="named")
    anna = coder(context, "anna")
    theme = first_theme(context)
    give(context, held, anna, {shown(context, held, anna).answers[0].id: {theme}})
    (found,) = answer_themes.campaigns(context, GMINA, anna)
    assert found.questions[0].released.count(str(theme), "texts") == 1


# What could tie texts together ----------------------------------------------------------------------------------


def test_every_coder_has_an_order_of_their_own_that_stays(context: Context) -> None:
    held = locked(context)
    anna, jan = coder(context, "anna"), coder(context, "jan")
    order = [one.id for one in shown(context, held, anna).answers]
    assert order == [one.id for one in shown(context, held, anna).answers]
    other = [one.id for one in shown(context, held, jan).answers]
    assert sorted(order) == sorted(other)
    assert order != other != sorted(other) != order
    give(context, held, anna, {order[7]: {first_theme(context)}})
    assert order == [one.id for one in shown(context, held, anna).answers]


def test_the_store_keeps_no_moment_and_no_order_of_reading(context: Context) -> None:
    """A coder reads in one order and comes back to texts; what is left looks as if all was given at once."""
    held = locked(context)
    anna, theme = coder(context, "anna"), first_theme(context)
    order = [one.id for one in shown(context, held, anna).answers]
    for text in (*order[::-1], *order[:5]):
        context.clock.advance(minutes=1)  # type: ignore[attr-defined]
        now = frozenset({theme})
        answer_themes.give(context, GMINA, held.campaign.id, "p6", {text: Choice(NONE, now)}, anna)
    rows = attack.dump(context).tables["open_text_theme"]
    assert [row["open_text_id"] for row in rows] == sorted(order)
    assert len({row.get("_xmin") for row in rows}) == 1
    assert set(rows[0]) <= {"open_text_id", "theme_id", "coder_id", "_place", "_xmin", "_ctid"}


def test_the_audit_names_no_text_question_or_theme(context: Context) -> None:
    held = locked(context)
    anna = coder(context, "anna")
    ids, theme = [one.id for one in shown(context, held, anna).answers], first_theme(context)
    give(context, held, anna, {one: {theme} for one in ids[:4]})
    with context.database.reading() as session:
        lines = [one for one in audit.events(session, GMINA) if one.action == "open_texts_coded"]
    assert [(one.object_type, one.object_id, one.detail) for one in lines] == [
        ("campaign", str(held.campaign.id), "")
    ]
    told = [repr(vars(one)) for one in lines]
    assert not [text for text in ids for line in told if text in line]


def test_no_table_ties_a_text_to_its_answer(context: Context) -> None:
    """The new table points at texts, themes and people of the staff, and at nothing of an answer."""
    names = {
        key["referred_table"] for key in inspect(context.database.engine).get_foreign_keys("open_text_theme")
    }
    assert names == {"open_text", "theme", "person"}


def test_own_themes_of_the_team_serve_open_answers_too(context: Context) -> None:
    held = locked(context)
    anna = coder(context, "anna")
    added = themes.add(context, GMINA, ThemeDraft("Dojazd", parent_id=first_theme(context)), None)
    text = shown(context, held, anna).answers[0].id
    assert give(context, held, anna, {text: {added.id}}).changed == 1
    with pytest.raises(ConflictError):
        themes.delete(context, GMINA, added.id, None)


def test_the_tree_of_themes_says_nothing_of_answers(context: Context) -> None:
    """A count of answers beside a theme would stand where a released table hides it; so would a refused deletion."""
    held = locked(context)
    anna = coder(context, "anna")
    given, other = (themes.add(context, GMINA, ThemeDraft(label), None) for label in ("Dojazd", "Sala"))
    text = shown(context, held, anna).answers[0].id
    assert give(context, held, anna, {text: {given.id}}) == Given(1, 0, 0)
    assert {node.used for node in themes.tree(context, GMINA)} == {0}
    refusals = set()
    for theme in (given, other):
        with pytest.raises(ConflictError) as refused:
            themes.delete(context, GMINA, theme.id, None)
        refusals.add(refused.value.message)
    assert len(refusals) == 1
