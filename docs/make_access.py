"""Writes docs/access.md from the declarations that the service enforces: `python docs/make_access.py`.

A test compares the file with what this would write.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path

from flask import Flask

from survey_app.config import Settings
from survey_app.services.context import Context
from survey_app.web import access
from survey_app.web.access import Access, declared_access
from survey_app.web.app import create_app

FILE = Path(__file__).with_name("access.md")
DECORATORS = (
    access.public,
    access.signed_in,
    access.coordinator_of_gmina,
    access.coordinator_of_campaign,
    access.member_of_gmina,
    access.member_of_round,
    access.coordinator_of_round,
    access.rater_of_round,
    access.member_or_moderator,
    access.moderator_of_interview,
    access.keeper_of_interview,
    access.reader_of_interview,
    access.region_reader,
    access.key_holder,
    access.administrator,
)
HEAD = """# Who may use what

Written by `docs/make_access.py` from the code: every view declares its kind of access with one decorator of
`survey_app/web/access.py`, which is also what enforces it. A route that declares nothing does not pass
`tests/integration/test_routes_access.py`, which asks every route as every kind of person, also with the numbers of
another gmina's things in the address (the answer is 403 or 404, and nothing is changed).

A person has roles per gmina: coordinator, member of the team, moderator of interviews; a reader of a region has a
powiat, a województwo or the country; an administrator sees no gmina's answers, results, ratings or interviews. A
coordinator is a member, too. Object by object: a round is asked for in its own gmina, an interview as it was given to
somebody, a campaign by its gmina's coordinator.
"""


def table(app: Flask) -> str:
    """The whole file."""
    routes: dict[Access, list[str]] = defaultdict(list)
    for rule in app.url_map.iter_rules():
        kind = (
            declared_access(app.view_functions[rule.endpoint]) or Access.PUBLIC
        )  # the framework's own: static files
        methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        routes[kind].append(f"`{methods} {rule.rule}`")
    parts = [HEAD]
    for kind in Access:
        words = _meaning(kind)
        parts.append(f"\n## {str(kind)[0].upper()}{str(kind)[1:]}\n\n{words}\n\n")
        parts.append("\n".join(f"- {one}" for one in sorted(routes[kind])) + "\n")
    return "".join(parts)


def _meaning(kind: Access) -> str:
    """What the decorator that declares it says of itself, without what the view is handed."""
    (decorator,) = [one for one in DECORATORS if declared_access(one(lambda: None)) is kind]
    return " ".join((decorator.__doc__ or "").split()).split(" The view takes")[0]


def main() -> None:
    with tempfile.TemporaryDirectory() as var:
        context = Context.from_settings(Settings.from_environment({"SURVEY_VAR": var}))
        FILE.write_text(table(create_app(context=context)), encoding="utf-8")


if __name__ == "__main__":
    main()
