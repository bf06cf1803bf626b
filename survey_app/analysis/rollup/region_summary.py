"""The summary on one page: sentences made by rules, none of which says more than the numbers beside it."""

from __future__ import annotations

from collections.abc import Iterator

from survey_app import polish
from survey_app.analysis.charts.regions import number
from survey_app.analysis.diagnoza.chapters.change import signed
from survey_app.analysis.diagnoza.document import (
    Block,
    BulletList,
    Chapter,
    KeyFigure,
    KeyFigures,
    Notice,
    Paragraph,
    Subheading,
)
from survey_app.analysis.disclosure.rollup import MIN_GMINAS
from survey_app.analysis.rollup.region_coding import effect_words, gminas_words
from survey_app.analysis.rollup.region_network import network_words
from survey_app.analysis.rollup.region_readiness import bounds_words, readiness_words
from survey_app.analysis.rollup.regions import RollUp

FEW_TITLE = "Za mało gmin"
NOTHING = (
    "Żadna gmina tego obszaru nie ma procesu, zablokowanej kampanii ani zamkniętej tury kodowania. Gdy zespoły zaczną, "
    "liczby pojawią się tu same."
)
FEW_TEXT = "Sumy i miary podaje się od trzech gmin. Do tego czasu widać tylko, ile gmin zakończyło ankietę i kodowanie."
_HIDDEN_RESPONSE = (
    "Sumy odpowiedzi nie podajemy: jest w niej za mało gmin albo pozwoliłaby odczytać wynik jednej albo "
    "dwóch z nich."
)


def summary_chapter(found: RollUp) -> Chapter:
    """Key figures; who answered; readiness; coding; how to read it. With no gmina a remark alone."""
    if not found.gminas and found.coding is None and found.network is None:
        return Chapter("", "Podsumowanie", "podsumowanie", [Notice("Nie ma jeszcze czego zestawić", NOTHING)])
    figures = _key_figures(found)
    blocks: list[Block] = [KeyFigures(figures)] if figures else []
    finished = max(found.gminas, found.coding.gminas if found.coding else 0)
    if finished < MIN_GMINAS and (finished or found.network is None):
        blocks.append(Notice(FEW_TITLE, FEW_TEXT))
    network = " ".join(network_words(found.network, apart=True)) if found.network else ""
    if network:
        blocks += [Subheading("Jak idzie wdrożenie", "podsumowanie-siec", compact=True), Paragraph(network)]
    blocks += [Subheading("Kto odpowiedział", "podsumowanie-odpowiedzi", compact=True)]
    blocks += [Paragraph(" ".join(_response(found)))]
    if found.shares and found.gminas:
        blocks += [Subheading("Jak gotowe są gminy", "podsumowanie-gotowosc", compact=True)]
        blocks += [Paragraph(" ".join(_readiness(found)))]
    blocks += [Subheading("Jak zmienili się interesariusze", "podsumowanie-kodowanie", compact=True)]
    blocks += [Paragraph(" ".join(_coding(found)))]
    blocks += [Subheading("Jak to czytać", "podsumowanie-czytanie", compact=True)]
    blocks += [BulletList(tuple(_limits(found)))]
    return Chapter("", "Podsumowanie", "podsumowanie", blocks)


def _key_figures(found: RollUp) -> tuple[KeyFigure, ...]:
    row = found.response.rows[0]
    gminas, what = found.gminas, "z zablokowaną kampanią"
    if not gminas and found.coding:
        gminas, what = found.coding.gminas, "z zamkniętą turą kodowania"
    figures = []
    if gminas:
        told = f"{polish.plural(gminas, 'gmina', 'gminy', 'gmin')} {what}"
        figures.append(KeyFigure(polish.whole(gminas), told))
    if found.network is not None and found.network.following:
        following = found.network.following
        told = f"{polish.plural(following, 'gmina', 'gminy', 'gmin')} z procesem w serwisie"
        figures.append(KeyFigure(polish.whole(following), told))
    if found.gminas and not row.hidden:
        answered = row.counts[1] or 0
        told = polish.plural(answered, "otrzymana ankieta", "otrzymane ankiety", "otrzymanych ankiet")
        if row.id in found.rr1:
            told += f", odsetek odpowiedzi RR1: {polish.percent(found.rr1[row.id])}"
        figures.append(KeyFigure(polish.whole(answered), told))
    if found.readiness.spread is not None:
        told = "mediana gotowości gmin w skali 0–100"
        figures.append(KeyFigure(number(found.readiness.spread.median), told))
    effect = _effect(found)
    if effect is not None:
        told = f"efekt animacji w {polish.counted(_pairs_summed(found), 'gminie', 'gminach', 'gminach')}"
        figures.append(KeyFigure(signed(effect), told))
    return tuple(figures)


def _effect(found: RollUp) -> int | None:
    if found.coding is None or found.coding.change.rows[0].hidden:
        return None
    return found.coding.change.count(found.coding.change.rows[0].id, "effect")


def _pairs_summed(found: RollUp) -> int:
    return (found.coding.change.rows[0].counts[0] or 0) if found.coding else 0


def _response(found: RollUp) -> Iterator[str]:
    row = found.response.rows[0]
    if not found.gminas:
        yield "Żadna gmina tego obszaru nie ma jeszcze zablokowanej kampanii."
        return
    yield f"Kampanię zablokowano w {polish.counted(found.gminas, 'gminie', 'gminach', 'gminach')}."
    if row.hidden:
        if found.gminas >= MIN_GMINAS:
            yield _HIDDEN_RESPONSE
        return
    _, answered, complete, with_invitations, invited, complete_of_invited = (one or 0 for one in row.counts)
    sent = polish.counted(answered, "ankietę", "ankiety", "ankiet")
    yield f"Otrzymano {sent}, w tym kompletnych: {polish.whole(complete)}."
    if row.id not in found.rr1:
        yield "Odsetka odpowiedzi nie podajemy, bo żadna z tych gmin nie wysyłała zaproszeń."
        return
    where = polish.counted(with_invitations, "gminie", "gminach", "gminach")
    yield (
        f"W {where} z zaproszeniami kompletnych jest {polish.whole(complete_of_invited)} z {polish.whole(invited)} "
        f"zaproszonych, czyli {polish.percent(found.rr1[row.id])}; co myślą pozostałe instytucje, nie wiadomo."
    )


def _readiness(found: RollUp) -> Iterator[str]:
    over = found.readiness.spread
    if over is None:
        yield "Wynik gotowości mają mniej niż trzy gminy, więc go nie zestawiamy."
        return
    yield f"{readiness_words(over)}."
    if over.bounds:
        known = f"{polish.whole(over.bounded)} z {polish.whole(over.gminas)}"
        yield (
            f"Cokolwiek odpowiedziałyby instytucje, które milczały, mediana leży w granicach {bounds_words(over)} "
            f"(granice znamy dla {known} gmin)."
        )
    shares = [f"{one.label} {number(one.spread.median, '%')}" for one in found.shares if one.spread]
    if shares:
        yield f"Mediany odsetka TAK w gminach, w kolejności pytań: {', '.join(shares)}."
    shown = sum(one.spread is not None for one in found.sectors)
    if shown:
        told = polish.counted(shown, "sektora", "sektorów", "sektorów")
        yield f"Wyniki z co najmniej trzech gmin są dla {told} z {polish.whole(len(found.sectors))}."


def _coding(found: RollUp) -> Iterator[str]:
    coding = found.coding
    if coding is None:
        yield "Żadna gmina tego obszaru nie zamknęła jeszcze tury kodowania."
        return
    yield gminas_words(coding)
    if _effect(found) is None:
        yield "Sumy Zwolenników nie podajemy: jest w niej za mało gmin albo pozwoliłaby odczytać wynik jednej z nich."
    else:
        yield f"{effect_words(coding.change)}."
    effect = next((one.spread for one in coding.measures if one.id == "effect"), None)
    if effect is not None:
        yield (
            f"Mediana efektu w gminach to {number(effect.median, halves=True)}; najniższy jest "
            f"{number(effect.lowest)}, a najwyższy {number(effect.highest)}."
        )


def _limits(found: RollUp) -> Iterator[str]:
    yield "Liczą się tylko gminy, które zakończyły badanie. Nie są próbą wszystkich gmin obszaru."
    partial = _partial(found)
    if partial:
        yield partial
    yield "„Ukryte” nie znaczy zero: liczba pozwoliłaby odczytać wynik jednej albo dwóch gmin."
    if found.gminas >= MIN_GMINAS:
        yield "Gmin, obszarów ani sektorów nie ustawiamy w kolejności: na to dane nie pozwalają."


def _partial(found: RollUp) -> str:
    """In how many questions the region's sum leaves a gmina out."""
    known = [one for one in found.questions if found.code in one.gminas]
    short = sum(one.gminas[found.code] < one.of.get(found.code, 0) for one in known)
    if not short:
        return ""
    of = polish.whole(len(known))
    told = polish.counted(short, "pytania", "pytań", "pytań")
    return f"Suma {told} z {of} nie obejmuje wszystkich gmin; ilu brakuje, mówi uwaga pod każdą tabelą."
