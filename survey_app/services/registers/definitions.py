"""The registers that are defined under `instruments/registers/`."""

from __future__ import annotations

from collections.abc import Mapping

from survey_app.errors import NotFoundError
from survey_app.instrument.model import Instrument
from survey_app.instrument.register_model import RegisterGroup, RegisterLevel, RegisterRules
from survey_app.services.definition_files import definitions_in

UNKNOWN = "Nie ma takiego rejestru."
_GROUPS = tuple(RegisterGroup)


def registers(level: RegisterLevel = RegisterLevel.GMINA) -> Mapping[str, Instrument]:
    """Key -> definition, in the order in which they are listed. InvalidInputError: a file has faults."""
    found = [one for one in definitions_in(("registers",)).values() if rules_of(one).level is level]
    return {one.key: one for one in sorted(found, key=_place)}


def register_definition(key: str, level: RegisterLevel = RegisterLevel.GMINA) -> Instrument:
    """NotFoundError if there is none with this key on this level."""
    found = registers(level).get(key)
    if found is None:
        raise NotFoundError(UNKNOWN)
    return found


def rules_of(definition: Instrument) -> RegisterRules:
    """A register's rules; every definition that passed the checks has them."""
    assert definition.definitions.register is not None, definition.key
    return definition.definitions.register


def newest_rules(definition: Instrument, level: RegisterLevel) -> RegisterRules:
    """Of the register's file as it is now; `definition`: an older version of it, whose rules hold once it is gone."""
    return rules_of(registers(level).get(definition.key, definition))


def _place(definition: Instrument) -> tuple[int, int, str]:
    rules = rules_of(definition)
    return _GROUPS.index(rules.group), rules.order, definition.title
