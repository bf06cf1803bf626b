"""The coding criteria that a gmina's team works with: the common file, or the team's own copy of it.

METHOD, "Coding": a team may change names, scales, thresholds and criteria "wg własnego wyboru i uzasadnienia", so
every copy carries its reason and is checked like every instrument. A round keeps the version it was opened with.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

import yaml
from sqlalchemy.orm import Session

from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.instrument.loader import instrument_from_document, parse_instrument
from survey_app.instrument.model import Instrument, Kind
from survey_app.instrument.shape import in_file_order
from survey_app.services.context import Context
from survey_app.services.instruments import instrument_of, publish_file
from survey_app.store import audit, gminas, instruments, people
from survey_app.store.database import MAX_ID
from survey_app.store.instruments import InstrumentVersion

__all__ = [
    "KEY",
    "InstrumentVersion",
    "authors",
    "common_criteria",
    "criteria_file",
    "criteria_of",
    "criteria_version",
    "criteria_versions",
    "current_criteria",
    "own_key",
    "publish_copy",
    "publish_file_of_team",
    "return_to_common",
]

KEY = "wyrozniki"
REASON_LENGTH = 1_000
_SET_BY_SERVICE = ("key", "edition")

criteria_of = instrument_of


def own_key(gmina_code: str) -> str:
    """The key of a team's own copy."""
    return f"{KEY}_{gmina_code}"


def common_criteria(context: Context) -> InstrumentVersion:
    """The common file as it is now; published first if its content is new."""
    return publish_file(context, KEY)


def current_criteria(context: Context, gmina_code: str) -> InstrumentVersion:
    """The team's newest copy, else the common file. What a round that is opened now would use."""
    with context.database.reading() as session:
        own = instruments.latest_copy(session, gmina_code)
    return own or common_criteria(context)


def criteria_versions(context: Context, gmina_code: str) -> list[InstrumentVersion]:
    """The team's copies, the newest first, and last the common definition."""
    common = common_criteria(context)
    with context.database.reading() as session:
        return [*instruments.copies(session, gmina_code), common]


def criteria_version(context: Context, gmina_code: str, version_id: int) -> InstrumentVersion:
    """One of `criteria_versions`, or an older common definition; NotFoundError if it is another team's, or none."""
    with context.database.reading() as session:
        found = instruments.get(session, version_id) if version_id <= MAX_ID else None
    if found is None or (found.key, found.gmina_code) not in ((KEY, None), (own_key(gmina_code), gmina_code)):
        raise NotFoundError("Ta gmina nie ma takiej wersji wyróżników.")
    return found


def authors(context: Context, versions: Iterable[InstrumentVersion]) -> dict[int, str]:
    """Person -> name, of those who published these versions."""
    wanted = {version.published_by for version in versions if version.published_by is not None}
    with context.database.reading() as session:
        return people.names(session, wanted)


def publish_copy(
    context: Context,
    gmina_code: str,
    document: Mapping[str, Any],
    reason: str,
    actor: int | None,
    replaces: int | None = None,
) -> InstrumentVersion:
    """A new version of the team's own copy, with its key and edition set here.

    InvalidInputError: every fault of the definition, with its place, and a missing reason (place "reason").
    ConflictError: nothing is different from the version in use, or `replaces`, the version that was in use when
    the change was begun, is in use no more.
    """
    reason, faults = _reason(reason)
    copied = {
        **{key: document[key] for key in document if key not in _SET_BY_SERVICE},
        "key": own_key(gmina_code),
    }
    faults = [*faults, *_faults_of(copied)]
    if faults:
        raise InvalidInputError("Tych wyróżników nie można zapisać. Niczego nie zmieniono.", faults)
    common = common_criteria(context)
    with context.database.transaction() as session:
        if gminas.lock(session, gmina_code) is None:
            raise NotFoundError(f"Nie ma gminy o kodzie {gmina_code}.")
        newest = instruments.latest_copy(session, gmina_code)
        in_use = newest or common
        if replaces is not None and replaces != in_use.id:
            raise ConflictError(
                "W tym czasie ktoś inny zmienił wyróżniki. Prosimy porównać jego wersję ze swoimi zmianami i wpisać"
                " je na nowo; to, co Państwo wpisali, jest nadal w formularzu."
            )
        if _content(in_use.definition) == _content(copied):
            raise ConflictError("Nic się nie zmieniło: te wyróżniki są takie same jak obecne.")
        return _add(context, session, gmina_code, newest, copied, reason, actor)


def _add(
    context: Context,
    session: Session,
    gmina_code: str,
    newest: InstrumentVersion | None,
    copied: dict[str, Any],
    reason: str,
    actor: int | None,
) -> InstrumentVersion:
    edition = (newest.version if newest else 0) + 1
    instrument = instrument_from_document({**copied, "edition": edition})
    version = instruments.add_copy(session, instrument, context.clock(), gmina_code, reason, actor)
    if version is None:
        raise ConflictError("W tej samej chwili ktoś inny zmienił wyróżniki. Prosimy zapisać jeszcze raz.")
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action="criteria_published",
        object_type="instrument_version",
        object_id=version.id,
        gmina_code=gmina_code,
        detail=f"wersja {version.version}: {reason}",
    )
    return version


def publish_file_of_team(
    context: Context, gmina_code: str, content: bytes, reason: str, actor: int | None
) -> InstrumentVersion:
    """As `publish_copy`, from a YAML file; its faults carry the lines. The file's name does not matter."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        fault = Fault(
            "file.encoding", "plik", "Plik nie jest zapisany w UTF-8.", "Zapisz go jako „UTF-8”.", line
        )
        raise InvalidInputError("Nie można odczytać pliku. Niczego nie zmieniono.", [fault]) from None
    instrument, faults = parse_instrument(text, "")
    faults = [*faults, *_reason(reason)[1]]
    if instrument is not None:
        faults += _foreign(instrument, gmina_code)
    if instrument is None or faults:
        raise InvalidInputError("Plik ma błędy. Niczego nie zmieniono.", faults)
    return publish_copy(context, gmina_code, instrument.document, reason, actor)


def return_to_common(context: Context, gmina_code: str, reason: str, actor: int | None) -> InstrumentVersion:
    """The common definition again, as the newest version of the team's copy. ConflictError: there is no copy."""
    common = common_criteria(context)
    if current_criteria(context, gmina_code).gmina_code is None:
        raise ConflictError("Zespół korzysta już ze wspólnej definicji.")
    return publish_copy(context, gmina_code, common.definition, reason, actor)


def criteria_file(version: InstrumentVersion) -> bytes:
    """The definition as a YAML file that can be changed and sent back."""
    written = yaml.dump(
        in_file_order(version.definition),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=110,
        default_style=None,
    )
    return written.encode("utf-8")


class _Dumper(yaml.SafeDumper):
    """Texts that look like something else in YAML 1.1 (yes, 2026-01-01) come quoted by themselves; no aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  (the reader refuses every alias)
        return True


def _content(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in _SET_BY_SERVICE}


def _faults_of(document: Mapping[str, Any]) -> list[Fault]:
    try:
        instrument = instrument_from_document(document)
    except InvalidInputError as error:
        return error.faults
    return _wrong_kind(instrument)


def _wrong_kind(instrument: Instrument) -> list[Fault]:
    if instrument.kind is Kind.CODING_CRITERIA:
        return []
    hint = "Wyróżniki mają „kind: coding_criteria”."
    return [Fault("value.not_allowed", "kind", "To nie jest definicja wyróżników.", hint)]


def _foreign(instrument: Instrument, gmina_code: str) -> list[Fault]:
    """The file of another instrument, or of another gmina's team, is most likely a wrong click."""
    wrong = _wrong_kind(instrument)
    if wrong or instrument.key in (KEY, own_key(gmina_code)):
        return wrong
    hint = f"Tu może stać „{KEY}” albo „{own_key(gmina_code)}”."
    return [Fault("value.not_allowed", "key", f"Plik ma klucz „{instrument.key}”.", hint)]


def _reason(reason: str) -> tuple[str, list[Fault]]:
    lines = (" ".join(line.split()) for line in reason.strip().splitlines())
    text = "\n".join(lines)
    if not text:
        message = "Prosimy podać powód zmiany."
        return text, [Fault("text.missing", "reason", message, "Zobaczą go wszyscy w zespole.")]
    if len(text) > REASON_LENGTH:
        hint = f"Najwyżej {REASON_LENGTH} znaków."
        return text, [Fault("text.too_long", "reason", "Powód jest za długi.", hint)]
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign != "\n" for sign in text):
        return text, [
            Fault("text.characters", "reason", "Powód zawiera znak sterujący.", "Prosimy go usunąć.")
        ]
    return text, []
