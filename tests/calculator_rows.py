"""An example of a filled in calculator; its numbers are made up."""

from __future__ import annotations

from collections.abc import Mapping

from survey_app.instrument.calculator_model import TABLE_OF, Calculator
from survey_app.instrument.paper_model import Row

SOURCE = "przykład, 2026"
# Assumption id -> lowest, most likely, highest; or one number alone.
EXAMPLE: Mapping[str, str] = {
    "osoby_pomoc": "80 100 120",
    "swiadczenie": "500 600 700",
    "udzial_gminy": "40 50 60",
    "koszt_startu": "20000 30000 60000",
    "etaty": "1 1.5 2",
    "koszt_etatu": "6000 7000 8000",
    "koszt_miejsca": "10000 20000 30000",
    "uczestnicy": "20 25 30",
    "koszt_uczestnika": "100 150 200",
    "miesiace_zajec": "6 8 12",
    "dotacje": "0 30000 60000",
    "osoby_wychodzace": "3 8 12",
    "miesiace_bez": "6 18 36",
    "wynagrodzenie": "4806 4806 6000",
    "udzial_pit": "3 4 5",
    "danina": "1500 1900 2300",
    "dochody_lokalne": "0 0 5000",
    "lata": "5 5 5",
}


def rows(calculator: Calculator, given: Mapping[str, str]) -> dict[str, list[Row]]:
    """Table id -> rows, as a paper keeps them."""
    tables: dict[str, list[Row]] = {}
    for one in calculator.assumptions:
        numbers = given.get(one.id, "").split()
        if numbers:
            columns = ("low", "middle", "high") if len(numbers) == 3 else ("middle",)
            cells = dict(zip(columns, numbers, strict=True))
            row = {"_id": one.id, **cells, "source": SOURCE}
            tables.setdefault(f"{TABLE_OF}{one.section}", []).append(row)
    return tables


def fields(calculator: Calculator, given: Mapping[str, str]) -> dict[str, str]:
    """Field name -> text, as the page sends it."""
    return {
        f"{table}-{row['_id']}-{column}": text.replace(".", ",") if column != "source" else text
        for table, held in rows(calculator, given).items()
        for row in held
        for column, text in row.items()
        if column != "_id"
    }
