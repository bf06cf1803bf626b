"""Registers that have a bit of everything, beside the shipped timetable: needs, offers, a region's programme."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_app.services import definition_files

NEEDS = """
key: potrzeby
kind: register
title: Zapotrzebowania
source: {document: "003", title: Próba}
texts:
  introduction: Zapotrzebowanie zgłasza się co najmniej 14 dni wcześniej.
sections:
  - id: potrzeba
    title: Zapotrzebowanie
    questions:
      - {id: nazwa, type: short_texts, text: Czego potrzeba, max_items: 1, max_length: 200}
      - {id: rodzaj, type: single_choice, text: Rodzaj, options: [
          {id: sala, code: 1, label: sala}, {id: osoba, code: 2, label: praca osoby}]}
      - {id: od, type: date, text: Od kiedy}
      - {id: do, type: date, text: Do kiedy}
      - {id: ile, type: number, text: Ile godzin, minimum: 0, maximum: 1000}
      - {id: opis, type: long_text, text: Opis, max_length: 1000}
definitions:
  register:
    group: resources
    nouns: {one: zapotrzebowanie, few: zapotrzebowania, many: zapotrzebowań}
    named_by: nazwa
    required: [do]
    about: either
    responsible: true
    starts: od
    due: do
    lead_days: 14
    states:
      - {id: open, label: otwarte}
      - {id: met, label: zaspokojone, final: true}
      - {id: dropped, label: wycofane, final: true, reason: true}
    log:
      - {id: sent, label: wysłano}
      - {id: reminded, label: ponowiono, after: sent}
    parties:
      kinds: [stakeholders]
      label: Kogo zapytano
      replies: true
      roles: [użyczający, wykonawca]
      matched_with: oferty
    edition: public
"""
OFFERS = """
key: oferty
kind: register
title: Oferty
source: {document: "003", title: Próba}
sections:
  - id: oferta
    questions:
      - {id: nazwa, type: short_texts, text: Co można dać, max_items: 1, max_length: 200}
definitions:
  register:
    group: resources
    order: 5
    nouns: {one: oferta, few: oferty, many: ofert}
    named_by: nazwa
    about: stakeholder
    states: [{id: open, label: aktualna}, {id: gone, label: nieaktualna, final: true}]
"""
PROGRAMME = """
key: rpw
kind: register
title: Regionalny program wsparcia
source: {document: "005", title: Próba}
sections:
  - id: program
    questions:
      - {id: nazwa, type: short_texts, text: Program, max_items: 1, max_length: 200}
      - {id: dzien, type: date, text: Dzień}
definitions:
  register:
    group: network
    level: region
    nouns: {one: program, few: programy, many: programów}
    named_by: nazwa
    starts: dzien
    single: true
    states: [{id: plan, label: w planie}, {id: done, label: zakończony, final: true}]
    parties: {kinds: [gminas, names], label: Kto bierze udział}
"""


def offer_registers(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """From now on, these three and the shipped timetable are the only ones."""
    registers = folder / "registers"
    registers.mkdir(parents=True)
    shipped = definition_files.INSTRUMENTS / "registers" / "terminarz.yml"
    (registers / "terminarz.yml").write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    for key, text in (("potrzeby", NEEDS), ("oferty", OFFERS), ("rpw", PROGRAMME)):
        (registers / f"{key}.yml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(definition_files, "INSTRUMENTS", folder)
