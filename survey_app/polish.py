"""The one place that renders numbers, dates, shares and plurals in Polish. Knows nothing of the project."""

from __future__ import annotations

import datetime as dt
import sys
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

WARSAW = ZoneInfo("Europe/Warsaw")
MINUS = "\u2212"
NBSP = "\u00a0"
_LOCALE = "pl_PL"
_ALPHABET = " 0123456789aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"


class _Order(dict[int, int]):
    """For `str.translate`: the places of the alphabet, and everything else behind it."""

    def __missing__(self, char: int) -> int:
        return min(char + len(_ALPHABET), sys.maxunicode)


_ORDER = _Order({ord(char): place for place, char in enumerate(_ALPHABET)})


def plural(count: int, one: str, few: str, many: str) -> str:
    """The form of a noun after a whole number: `plural(2, "odpowiedź", "odpowiedzi", "odpowiedzi")`."""
    if count == 1:
        return one
    if 2 <= count % 10 <= 4 and not 12 <= count % 100 <= 14:
        return few
    return many


def counted(count: int, one: str, few: str, many: str) -> str:
    """The number and its noun, held together: "5 odpowiedzi"."""
    return f"{whole(count)}{NBSP}{plural(count, one, few, many)}"


def answers(count: int) -> str:
    """ "1 odpowiedź", "2 odpowiedzi", "5 odpowiedzi"."""
    return counted(count, "odpowiedź", "odpowiedzi", "odpowiedzi")


def institutions(count: int) -> str:
    """ "1 instytucja", "2 instytucje", "5 instytucji"."""
    return counted(count, "instytucja", "instytucje", "instytucji")


def whole(count: int) -> str:
    """ "2477" stays "2477"; from 10 000 on digits are grouped, the Polish way."""
    if abs(count) < 10_000:
        return f"{count:d}"
    return str(format_decimal(count, format="#,##0", locale=_LOCALE))


def decimal(number: float, places: int = 1) -> str:
    """A decimal comma and always `places` digits: 9.714 -> "9,7", -0.3 -> "−0,3". Halves go up: 62.5 -> "63"."""
    step = Decimal(1).scaleb(-places)
    # Twelve digits undo what binary fractions add: 0.575 * 100 is 57.49999999999999.
    rounded = Decimal(f"{number:.12g}").quantize(step, ROUND_HALF_UP)
    if abs(rounded) < 1_000:  # as nearly always: nothing to group
        return f"{rounded:f}".replace(".", ",").replace("-", MINUS)
    pattern = "#,##0." + "0" * places if places else "#,##0"
    return str(format_decimal(rounded, format=pattern, locale=_LOCALE)).replace("-", MINUS)


def percent(share: float, places: int = 0) -> str:
    """A share from 0 to 1 as "64%" (no space, as the Polish standard allows in tables and prose alike)."""
    return f"{decimal(share * 100, places)}%"


def date(moment: dt.date | dt.datetime) -> str:
    """ "21 listopada 2026"."""
    return format_date(_local(moment), format="d MMMM yyyy", locale=_LOCALE)


def date_short(moment: dt.date | dt.datetime) -> str:
    """ "21.11.2026"."""
    return format_date(_local(moment), format="dd.MM.yyyy", locale=_LOCALE)


def moment(when: dt.datetime) -> str:
    """ "21 listopada 2026, godz. 14:05", in Warsaw's time."""
    return format_datetime(when, format="d MMMM yyyy, 'godz'. HH:mm", tzinfo=WARSAW, locale=_LOCALE)


def fold(text: str) -> str:
    """What two spellings of a name have in common: "Żłobek „Miś”" and "zlobek  MIS" give "zlobek mis"."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join("".join(char if char.isalnum() else " " for char in letters).split())


def alphabetical(text: str) -> tuple[str, str]:
    """A key for sorting names as a Polish reader expects: "Ćmielów" after "Czarna", not after "Zator"."""
    return text.casefold().translate(_ORDER), text


def _local(moment: dt.date | dt.datetime) -> dt.date:
    if isinstance(moment, dt.datetime):
        return moment.astimezone(WARSAW).date()
    return moment
