"""A small paper that has a bit of everything, in place of the shipped ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_app.services import definition_files

KEY = "zaproszenie"
DEFINITION = """
key: zaproszenie
kind: document
title: Zaproszenie
source: {document: "002", title: Próba}
sections:
  - id: spotkanie
    title: Spotkanie
    questions:
      - {id: nazwa, type: long_text, text: Nazwa spotkania, max_length: 200}
      - {id: dzien, type: date, text: Dzień}
      - {id: gmina_tu, type: long_text, text: Gmina}
      - {id: rodzaj, type: single_choice, text: Rodzaj gminy, options: [
          {id: miejska, code: 1, label: gmina miejska}, {id: mw, code: 2, label: gmina miejsko-wiejska}]}
      - {id: zdalnie, type: yes_no, text: Czy spotkanie jest zdalne}
      - {id: adres, type: long_text, text: Adres spotkania w sieci, follows: zdalnie,
         ask_if: {all: [{question: zdalnie, op: eq, value: tak}]}}
      - {id: wnioski, type: long_text, text: Wnioski z analizy}
    tables:
      - id: ludzie
        title: Kto zaprasza
        columns: [{id: osoba, label: Osoba}, {id: instytucja, label: Instytucja}]
      - id: mocne
        title: Mocne strony
        columns: [{id: opis, label: Opis}]
      - id: plan
        title: Porządek
        columns:
          - {id: co, label: Punkt}
          - {id: ile, label: Ile minut, type: number}
          - {id: kiedy, label: Do kiedy, type: date}
          - {id: jak, label: Jak, type: choice, options: [rozmowa, głosowanie]}
        most: 8
      - id: zgody
        title: Zgody
        heading: Zgoda
        columns: [{id: kto, label: Kto}]
        rows: [{id: wojt, label: Wójt}, {id: rada, label: Rada gminy}]
definitions:
  paper:
    group: meeting
    many: true
    named_by: nazwa
    prefill:
      - {into: dzien, from: today}
      - {into: gmina_tu, from: gmina}
      - {into: rodzaj, from: gmina_kind}
      - {into: ludzie, from: team_rows}
      - {into: wnioski, from: swot.wnioski}
      - {into: mocne, from: swot.mocne}
      - {into: adres, from: zaproszenie.adres}
    body:
      - text: |-
          # Zaproszenie: {nazwa}

          Zapraszamy dnia {dzien}.

          {plan}
      - text: |-
          Adres w sieci: {adres}
        when: [{question: zdalnie, is: [tak]}]
"""


def offer(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str = DEFINITION) -> None:
    """From now on, this paper and the shipped SWOT are the only ones."""
    forms, documents = folder / "forms", folder / "documents"
    for path in (forms, documents):
        path.mkdir(parents=True)
    shipped = definition_files.INSTRUMENTS / "forms" / "swot.yml"
    (forms / "swot.yml").write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    (documents / f"{KEY}.yml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(definition_files, "INSTRUMENTS", folder)


def offer_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on there are a document that is discussed and signed ("umowa") and a form with points ("problemy")."""
    monkeypatch.setattr(definition_files, "INSTRUMENTS", Path(__file__).parent / "fixtures" / "people")
