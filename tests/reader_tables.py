"""What each table of any output tells: from captions, headers and cells to facts about unknowns.

A table that nobody taught the reader is an error that names it (`NotUnderstoodError`): whoever adds one says here what
it tells, or that it tells nothing of the answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from survey_app.analysis.released import HIDDEN
from tests.attacker import ALL, STATES, Attacker, whole
from tests.knowledge import NotUnderstoodError
from tests.outputs import Shown
from tests.reader_regions import Regions
from tests.renderings import squashed

# About the catalogue, the team, talks and the service itself: no number in them comes from an answer to the ankieta.
OTHER = (
    "Wpisy w katalogu|Osoby w zespole|Zespoły gmin|Konta w serwisie|Klucze do API|Osoby, które czytają zestawienia",
    "Kampanie gminy|Raporty tej kampanii, od najnowszego|Wpisy od najnowszego|Wersje wyróżników i skal|Części i minuty",
    "Rozmowy według interesariuszy.*|Wywiady, które się odbyły.*|Wywiad|Kto mówił i na co się zgodził",
    "Teksty tego wywiadu|Teksty wywiadów, którym mogą Państwo nadawać tematy|Oceny i decyzje: .*",
    "Zgodność ocen .*|Interesariusze w tej turze|Interesariusze: \\d+|Kolejność rozmów i podpowiedzi argumentów",
    "Interesariusze według sektora, miejsca i typu|Interesariusze, kody i powody w turze \\d+",
    ".*: ile osób dało którą ocenę",
    "Zmiany kodu, interesariusz po interesariuszu|Nowi w ostatniej turze.*|Byli w pierwszej turze.*",
    "\\d\\w?\\. .*",  # the scales of the criteria, each under its own number
    "Osoby, których wysłuchano, według .*|Tematy według liczby wywiadów, w których się pojawiły",
    "Sesje tego konta|Dane osobowe w skrócie|Kroki etapu .*|Partnerzy",
    "Definicje|Definicje i wzory|Dane tego raportu|Argumenty i grupy, do których pasują",
    "arkusz (IDI i FGI|Spis tabel|_nie_przeniesiono|choices|settings|survey|czego brakuje|definicje|interesariusze)",
    "arkusz (książka kodów|tematy i wywiady|wywiady|zmiany|uwagi)|grupy\\.csv|ksiazka-kodow\\.csv|reguly\\.csv",
    "Odpowiedzi na pytanie 5 według sektorów",  # of the style guide: made up
)
# The team's own decisions: the internal edition shows all of them (docs/disclosure.md, "Codes").
CODES = (
    "Liczba interesariuszy z każdym kodem|Kody w turze \\d+ według .*|Zmiany w liczbie Zwolenników",
    "Kod przed i po, dla ocenionych w obu turach|Sektory z co najmniej jednym Zwolennikiem",
    "Neutralni: .*",
)
ROWS = ("arkusz dane", "wiersze.csv")  # one line per person: for the team (METHOD, "Disclosure control")
OTHER_FILES = {  # CSV and JSON without a caption, by the route
    "catalogue_import.template", "coding_results.changes_csv", "coding_results.stakeholders_csv", "catalogue.export",
    "gminas_table.own_file", "interviews.plan_csv", "kept_reports.history_csv", "api.document", "api.own",
    "console.state", "health.live", "health.ready", "catalogue_files.download",
    "personal_data.own_file", "personal_data.of_account", "personal_register.contact_copy",
    "participant_copy.as_json",
    "local_network.table_csv", "registers.table_csv", "region_registers.table_csv", "meetings.resolutions_csv",
}  # fmt: skip
MONTHS = (
    "", "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października",
    "listopada", "grudnia",
)  # fmt: skip


def _pattern(*lines: str) -> re.Pattern[str]:
    return re.compile("|".join(re.sub(r"\s", "", line) for line in lines))


_OTHER, _CODES = _pattern(*OTHER), _pattern(*CODES)


class TableReader:
    """Reads tables into what an attacker knows."""

    def __init__(self, attacker: Attacker, regions: Regions) -> None:
        self.attacker, self.regions = attacker, regions
        questions = attacker.questions.values()
        self.by_text = {squashed(q.text).rstrip(":"): q.id for q in questions}
        self.by_number = {q.number: q.id for q in questions if q.number}
        self.labels = {squashed(group.label): group.id for group in attacker.groups.items}
        self.labels[squashed("Cała gmina")] = ALL
        self.options = {"TAK": "tak", "NIE": "nie"} | {
            squashed(words): str(n) for n, words in enumerate(("0 wpisów", "1 wpis", "2 wpisy", "3 wpisy"))
        }
        self.handlers: tuple[tuple[re.Pattern[str], Callable[[Shown], None]], ...] = (
            (_pattern("Odpowiedzi na ankietę"), self._response),
            (_pattern("Rodzaje instytucji, które odpowiedziały"), self._types),
            (_pattern("Ankiety otrzymane do rana danego dnia, w krokach po 5"), self._steps),
            (_pattern("Odpowiedzi na pytania zamknięte w całej gminie"), self._overview),
            (_pattern("Odpowiedzi na pytanie \\d+"), self._question),
            (_pattern("Liczba wpisów w jednej ankiecie"), self._boxes),
            (_pattern("Gotowość i jej składowe, z granicami w nawiasach"), self._readiness),
            (_pattern("Odpowiedzi TAK na pytania o partnerstwo"), self._experience),
            (_pattern("Pytania, na które są wypowiedzi do kodowania: .*"), self._texts),
            (_pattern("Tematy wypowiedzi.*"), self._nothing),
            (_pattern("tabele\\.csv"), self._long),
            (_pattern("stany\\.csv"), self._states),
            (_pattern("wyniki\\.csv"), self._results),
            (_pattern("teksty\\.csv"), self._listed),
            (_pattern("arkusz tabele"), self._sheet),
        )

    def read(self, shown: Shown) -> None:
        """NotUnderstoodError, UntrueError, or what it tells is known from now on."""
        self.attacker.source = f"{shown.output.where}, „{shown.caption}”"
        caption = squashed(re.sub(r"^Tabela\s*\d+\.\s*", "", shown.caption))
        if shown.caption in ("csv", "json") or shown.output.name.startswith("region."):
            self._plain(shown)
            return
        if _OTHER.fullmatch(caption) or _CODES.fullmatch(caption):
            return
        if shown.header[:4] == ("Wiersz", "Kolumna", "Było", "Jest"):
            self._compared(shown, caption)
            return
        for pattern, handler in self.handlers:
            if pattern.fullmatch(caption):
                self._taught(handler, shown)
                return
        if caption.rstrip(":") in self.by_text:
            self._taught(self._question, shown)
            return
        raise NotUnderstoodError(f"an output the attacker does not understand: {self.attacker.source}")

    def _taught(self, handler: Callable[[Shown], None], shown: Shown) -> None:
        try:
            handler(shown)
        except (KeyError, ValueError, IndexError, TypeError) as error:
            raise NotUnderstoodError(f"{self.attacker.source}: {error!r}") from error

    def _plain(self, shown: Shown) -> None:
        """Files without a caption, and the pages of a region."""
        if shown.output.name in OTHER_FILES:
            return
        if not self.regions.read(self.attacker, shown):
            raise NotUnderstoodError(f"an output the attacker does not understand: {self.attacker.source}")

    def _nothing(self, shown: Shown) -> None:
        """Counted in texts, each for itself: no row sums up others."""

    def row(self, label: str) -> str:
        return self.labels[squashed(label)]

    def _response(self, shown: Shown) -> None:
        for label, number, *_ in shown.rows:
            self.figure(squashed(label), whole(number))

    def figure(self, label: str, number: int | None) -> None:
        """About the response: conceded, but true."""
        attacker = self.attacker
        expected = {
            squashed("zaproszone instytucje"): attacker.invited,
            squashed("otrzymane ankiety"): attacker.people,
            squashed("w tym kompletne"): attacker.knowledge.truth["complete",],
        }
        attacker.true(number, expected[label])

    def _types(self, shown: Shown) -> None:
        for label, number, *_ in shown.rows:
            self.size("Cała gmina" if label == "Razem" else label, whole(number))

    def size(self, label: str, number: int | None) -> None:
        row = self.row(label)
        if number is not None:
            groups = self.attacker.groups.items
            self.attacker.tell({("size", g.id): 1.0 for g in groups if row in (ALL, g.id)}, number)

    def _steps(self, shown: Shown) -> None:
        for label, number in shown.rows:
            self.step(_iso(label), whole(number))

    def step(self, day: str, number: int | None) -> None:
        """A multiple of five is rounded down; any other number is what it says."""
        if number is not None:
            most = number + 4 if number % 5 == 0 else number
            self.attacker.knowledge.told += 1
            self.attacker.knowledge.know({("by", day): 1}, number, most, self.attacker.source)

    def _overview(self, shown: Shown) -> None:
        for label, *cells in shown.rows:
            question = self.by_number[squashed(label).partition(".")[0]]
            for column, words in zip(shown.header[1:], cells, strict=True):
                self._overview_cell(question, squashed(column), words)

    def _overview_cell(self, question: str, column: str, words: str) -> None:
        attacker = self.attacker
        if column in self.options:
            attacker.cell(question, ALL, self.options[column], words)
        elif column == "Ankiety":
            attacker.true(whole(words), attacker.people)
        elif column == squashed("Bez odpowiedzi lub nie dotyczy"):
            without = whole(words)
            if without is not None:
                attacker.tell(attacker.base(question, ALL), attacker.people - without)
        else:
            raise KeyError(column)

    def _question(self, shown: Shown) -> None:
        caption = squashed(re.sub(r"^Tabela\s*\d+\.\s*", "", shown.caption)).rstrip(":")
        numbered = re.fullmatch(r"Odpowiedzinapytanie(\d+)", caption)
        if numbered and numbered[1] not in self.by_number:
            self._kinds(shown)
            return
        question = self.by_number[numbered[1]] if numbered else self.by_text[caption]
        for label, *cells in shown.rows:
            for column, words in zip(shown.header[1:], cells, strict=False):
                self._answer(question, self.row(label), squashed(column), words)

    def _kinds(self, shown: Shown) -> None:
        """Question 1, where all are one group: as many columns as there are groups."""
        for _, *cells in shown.rows:
            for column, words in zip(shown.header[1:], cells, strict=False):
                if squashed(column) != "n" and not column.endswith("%"):
                    self.size(column, whole(words))

    def _answer(self, question: str, row: str, column: str, words: str) -> None:
        if column == "n":
            self.attacker.cell(question, row, "n", words)
        elif column.endswith(("%", squashed("odsetek"))):
            self.per_cent(question, row, self.options[re.sub(r"[%,]|odsetek", "", column)], words)
        else:
            self.attacker.cell(question, row, self.options[column], words)

    def per_cent(self, question: str, row: str, column: str, words: str) -> None:
        """ "67%", or the number as a file has it."""
        printed = squashed(words).replace(",", ".")
        if printed in (*("", "–"), HIDDEN):
            return
        exact = not printed.endswith("%")
        self.attacker.share(
            question,
            row,
            column,
            float(printed.rstrip("%")) / (1 if exact else 100),
            1e-9 if exact else 0.005,
        )

    def _boxes(self, shown: Shown) -> None:
        """In the chapter on readiness: a line per question, by its own short name; or a question's own table."""
        if shown.header[0] == "Grupa":
            raise NotUnderstoodError(f"boxes by group: {self.attacker.source}")
        for label, *cells in shown.rows:
            question = self._concrete(label)
            for column, words in zip(shown.header[1:], cells, strict=True):
                if squashed(column).startswith("Mediana"):
                    self.attacker.leans(question, ALL)
                else:
                    self._answer(question, ALL, squashed(column), words)

    def _concrete(self, label: str) -> str:
        definition = self.attacker.instrument.definitions.readiness
        assert definition is not None
        return next(one.question for one in definition.concreteness if squashed(one.label) == squashed(label))

    def component(self, label: str) -> str:
        definition = self.attacker.instrument.definitions.readiness
        assert definition is not None
        items = (*definition.items, *definition.experience)
        return next(one.question for one in items if squashed(one.label) == squashed(label))

    def _readiness(self, shown: Shown) -> None:
        questions = [self.component(label) for label in shown.header[2:]]
        for label, score, *cells in shown.rows:
            for question, words in zip(questions, cells, strict=True):
                self.compound(question, self.row(label), words)
            if re.search(r"\d", score):
                for question in questions:
                    self.attacker.leans(question, self.row(label))

    def _experience(self, shown: Shown) -> None:
        for label, words in shown.rows:
            self.compound(self.component(label), ALL, words)

    def compound(self, question: str, row: str, words: str) -> None:
        """ "63% (50–71) 12 z 19", "2 z 4", or the word for hidden. Bounds say no more than the two numbers."""
        words = squashed(words)
        if words == HIDDEN:
            self.attacker.hidden.add((question, row))
            return
        found = re.fullmatch(r"(?:(\d+)%)?(?:\(\d+–\d+\))?,?(\d+)z(\d+)", words)
        if found is None:
            raise ValueError(words)
        self.attacker.cell(question, row, "tak", found[2])
        self.attacker.cell(question, row, "n", found[3])
        if found[1]:
            self.attacker.share(question, row, "tak", float(found[1]) / 100, 0.005)

    def _texts(self, shown: Shown) -> None:
        for label, number, *_ in shown.rows:
            question = self.by_text[re.sub(r"^\d+\.", "", squashed(label)).rstrip(":")]
            self.attacker.tell({("texts", question): 1.0}, whole(number) or 0)

    def _listed(self, shown: Shown) -> None:
        """A line per text."""
        listed = [row[0] for row in shown.rows]
        for question in dict.fromkeys(listed):
            self.attacker.tell({("texts", question): 1.0}, listed.count(question))

    def _long(self, shown: Shown) -> None:
        """A line per number, with ids."""
        for line in shown.rows:
            kind, name, _, row, _, base, column, label, number, share, *_ = line
            if kind in ("pytanie", "wpisy"):
                self.attacker.cell(name, row, "n", base)
                self.attacker.cell(name, row, column, number)
                self.per_cent(name, row, column, share)
            elif kind in ("odpowiedzi", "grupy", "rodzaje"):
                self._about_groups(kind, line)
            elif kind == "kroki":
                self.step(column, whole(number))
            elif kind not in ("tematy", "kody", "zmiana", "wywiady"):
                raise KeyError(f"{kind} {label}")

    def _about_groups(self, kind: str, line: tuple[str, ...]) -> None:
        _, _, _, _, row, _, _, column, number, *_ = line
        if kind == "odpowiedzi":
            self.figure(squashed(column), whole(number))
        else:
            self.size(row if kind == "grupy" else column, whole(number))

    def _states(self, shown: Shown) -> None:
        for question, state, number in shown.rows:
            self.state(question, STATES[state], whole(number))

    def state(self, question: str, state: object, number: int | None) -> None:
        """How many were in one of the four states. That everybody is in one of them is known."""
        attacker, answered = self.attacker, self.attacker.answered(question)
        asked = attacker.asked(question)
        if number is None:
            return
        by_state = {"answered": answered, "not_asked": asked, "unanswered": None, "not_reached": {}}
        name = str(getattr(state, "value", state))
        terms = by_state[name]
        if name == "not_asked":
            attacker.tell(asked, attacker.people - number)
        elif terms is None:
            attacker.tell(
                {key: asked.get(key, 0) - answered.get(key, 0) for key in {*asked, *answered}}, number
            )
        else:
            attacker.tell(terms, number)

    def _results(self, shown: Shown) -> None:
        """Shares without rounding; a score is made of them, and its bounds of them and of the invited."""
        for measure, row, _, question, result, low, _ in shown.rows:
            if measure in ("skladowa", "gotowosc"):
                items = [question] if question else ["p5", "p7", "p9"]
                if measure == "skladowa":
                    self.per_cent(question, row, "tak", result)
                for one in items if result or low else ():
                    self.attacker.leans(one, row)
            elif measure not in ("zaproszone", "otrzymane", "kompletne", "rr1"):
                raise KeyError(measure)

    def _sheet(self, shown: Shown) -> None:
        """Of the team's workbook: title, row, column, number, base, share."""
        for title, row, column, number, base, share in shown.rows:
            name = squashed(title).rstrip(":")
            if name == squashed("Odpowiedzi na ankietę"):
                self.figure(squashed(column), whole(number))
            elif name == squashed("Grupy, dla których podano wyniki"):
                self.size(row, whole(number))
            elif name == squashed(self.attacker.instrument.by_id["p1"].text):
                self.size(column, whole(number))
            else:
                question, answer = self.by_text[name], self.options[squashed(column)]
                self.attacker.cell(question, self.row(row), "n", base)
                self.attacker.cell(question, self.row(row), answer, number)
                self.per_cent(question, self.row(row), answer, share)

    def _compared(self, shown: Shown, caption: str) -> None:
        """Cells that changed between two reports: each side is read as if it stood in the table itself."""
        if _OTHER.fullmatch(caption) or _CODES.fullmatch(caption):
            return
        for place in (2, 3):
            for line in shown.rows:
                row, column, words = line[0], line[1], line[place]
                self.read(Shown(shown.output, shown.caption, ("", column), ((row, words),)))


def _iso(words: str) -> str:
    """ "3 listopada 2026" as a date, whatever spaces it has."""
    found = re.fullmatch(r"(\d+)(\D+)(\d{4})", squashed(words))
    assert found is not None, words
    return f"{found[3]}-{MONTHS.index(found[2]):02d}-{int(found[1]):02d}"
