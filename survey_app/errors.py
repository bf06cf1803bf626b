"""Typed errors. They are raised where they are known and become a page, a JSON body or an exit status at one edge.

Every error carries a Polish sentence for the person (`message`): what happened, what was kept, what to do.
"""

from __future__ import annotations

from dataclasses import dataclass, field


class SurveyError(Exception):
    """Base of all errors that a person may read. `status` is the HTTP status at the web's edge."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFoundError(SurveyError):
    """The thing named in the address or on the command line does not exist (or is not this person's to see)."""

    status = 404


class ForbiddenError(SurveyError):
    """The person is known but may not do this."""

    status = 403


class GoneError(SurveyError):
    """It existed, and is over: a campaign after its close, an invitation that was used."""

    status = 410


class ConflictError(SurveyError):
    """The state of the thing does not allow it: locked twice, opened without a key, dates already fixed."""

    status = 409


class InvalidInputError(SurveyError):
    """Something typed or uploaded cannot be taken; `faults` names each place and what to do."""

    status = 422

    def __init__(self, message: str, faults: list[Fault] | None = None) -> None:
        super().__init__(message)
        self.faults = faults or []


class UnavailableError(SurveyError):
    """The store cannot be reached, or cannot write: worth another try in a while."""

    status = 503


class ConfigurationError(SurveyError):
    """A setting is missing or wrong; the operator must mend it."""

    status = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a code to look up, the place, what is wrong and what to do (Polish)."""

    code: str
    where: str
    message: str
    hint: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.where} (wiersz {self.line})" if self.line else self.where
        return f"[{self.code}] {place}: {self.message}" + (f" {self.hint}" if self.hint else "")


@dataclass(slots=True)
class FaultList:
    """Collects faults so that a person sees all of them at once."""

    faults: list[Fault] = field(default_factory=list)

    def add(self, code: str, where: str, message: str, hint: str = "", line: int | None = None) -> None:
        self.faults.append(Fault(code, where, message, hint, line))

    def __bool__(self) -> bool:
        return bool(self.faults)
