"""The local network of reintegration: its members round their node, task partnerships in it, what it lacks (004).

Members and partners are entries of the catalogue: their types and sectors stand there, and nowhere else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from survey_app import polish
from survey_app.analysis.charts.network import Dot, Team
from survey_app.analysis.diagnoza.result import Edition, TeamNetwork
from survey_app.instrument.register_model import RegisterLevel, RegisterState
from survey_app.services import spreadsheets
from survey_app.services.context import Context
from survey_app.services.method.partnership import ONE_SECTOR, TYPES, lacks
from survey_app.services.method.process_facts import PARTS, part_labels, parts_of_sectors
from survey_app.services.register.sectors import sector_labels, standard_of
from survey_app.services.registers.definitions import register_definition, rules_of
from survey_app.store import catalogue, registers
from survey_app.store.catalogue import Stakeholder
from survey_app.store.registers import RegisterEntry, RegisterParty

NETWORK, PARTNERSHIPS, PLATFORM = "lsr", "partnerstwa", "rpw"
RECOMMENDATIONS, PRINCIPLES = 7, 4
WORKING = "working"
NATURAL = "osoba fizyczna"  # in place of her name, where others than the team read
TYPE_WORDS = {
    "A": "reintegracja jest głównym celem",
    "B": "reintegracja jest jednym z celów",
    "C": "reintegracja nie jest celem, ale są potrzebne usługi",
    "": "typu jeszcze nie ustalono",
}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the network or of a partnership. `number`: as in the graph; `parts`: of the three-way division.

    `inside`: a member of the network (a partner need not be one); `gone`: no longer in the catalogue.
    """

    number: int
    id: int
    name: str
    sector: str
    parts: frozenset[str]
    type: str
    inside: bool
    node: bool
    natural: bool
    gone: bool

    @property
    def part_words(self) -> str:
        return ", ".join(part_labels()[part] for part in PARTS if part in self.parts)


@dataclass(frozen=True, slots=True)
class Partnership:
    """`leader`: number of the member who coordinates it; `roles`: member's number -> role, the leader's among them."""

    number: int
    entry: RegisterEntry
    goal: str
    state: str
    over: bool
    leader: int | None
    roles: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform of cooperation that the gmina stands in."""

    entry: RegisterEntry
    variant: str
    state: str
    role: str


@dataclass(frozen=True, slots=True)
class Network:
    """`entry`: of the network; None while nobody founded one. `members`: the node first, then as they are numbered.

    `kind`, `meaning`: of the partnership that its sectors make (003). `by_type`, `by_part`: of those inside.
    """

    entry: RegisterEntry | None
    state: str
    members: Sequence[Member]
    partnerships: Sequence[Partnership]
    platforms: Sequence[Platform]
    kind: str = ""
    meaning: str = ""
    by_type: Mapping[str, int] = field(default_factory=dict)
    by_part: Mapping[str, int] = field(default_factory=dict)
    lacks: Sequence[str] = ()

    @property
    def node(self) -> Member | None:
        return next((one for one in self.members if one.node), None)

    @property
    def running(self) -> list[Partnership]:
        return [one for one in self.partnerships if not one.over]

    def of(self, number: int) -> list[Partnership]:
        """The partnerships that a member takes part in and that have not ended."""
        return [one for one in self.running if number in one.roles]


def network(context: Context, gmina_code: str, *, public: bool = False) -> Network:
    """Seven statements at most, whatever the size; without any entry two. `public`: what works, and nothing else."""
    with context.database.reading() as session:
        held = registers.entries(session, gmina_code, None, {NETWORK, PARTNERSHIPS})
        held = [one for one in held if not public or one.state == WORKING]
        joined = registers.parties(session, {one.id for one in held}) if held else []
        who = (
            catalogue.by_number(catalogue.stakeholders(session, gmina_code, include_left=True))
            if held
            else {}
        )
        labels = sector_labels(session, gmina_code) if held else {}
        standard = standard_of(session, gmina_code) if held else str
        seats = [] if public else registers.seats_of_gmina(session, gmina_code, PLATFORM)
    hub = next((one for one in held if one.key == NETWORK), None)
    teams = [one for one in held if one.key == PARTNERSHIPS]
    of: dict[int, list[RegisterParty]] = defaultdict(list)
    for party in joined:
        of[party.entry_id].append(party)
    inside = _ids([hub.stakeholder_id, *(one.stakeholder_id for one in of[hub.id])], who) if hub else []
    node = inside[0] if hub and hub.stakeholder_id else None
    running = [one for one in teams if not _state(one).final]
    beside = _ids(
        (one for team in running for one in (team.stakeholder_id, *(p.stakeholder_id for p in of[team.id]))),
        who,
    )
    members: list[Member] = []
    for one in _in_order(node, inside, beside, who):
        parts = parts_of_sectors().get(standard(one.sector), frozenset())
        members.append(
            Member(
                len(members) + 1,
                one.id,
                one.name,
                labels.get(one.sector, one.sector),
                parts,
                one.stakeholder_type or "",
                one.id in inside,
                one.id == node,
                one.natural_person,
                one.left_on is not None,
            )
        )
    numbers = {one.id: one.number for one in members}
    partnerships = [_partnership(i + 1, one, of[one.id], who, numbers) for i, one in enumerate(teams)]
    platforms = [_platform(entry, seat) for entry, seat in seats]
    return _judged(hub, members, partnerships, platforms)


def graph(found: Network, *, public: bool = False) -> tuple[list[Dot], list[Team]]:
    """What the chart draws. `public`: a natural person is not named (METHOD, "Law")."""
    dots = [Dot(one.number, _named(one, public), one.type, one.inside, one.node) for one in found.members]
    teams = [Team(one.number, one.entry.title, tuple(sorted(one.roles)), one.leader) for one in found.running]
    return dots, teams


def rows(found: Network, *, public: bool = False) -> list[tuple[str, ...]]:
    """The table that says what the graph shows, under `HEADER`."""
    return [
        (
            str(one.number),
            _named(one, public),
            *(("", "") if public and one.natural else (one.sector, one.part_words)),
            one.type,
            "główny węzeł" if one.node else "członek" if one.inside else "partner spoza sieci",
            "; ".join(
                f"P{team.number} {team.entry.title}"
                + (f" ({team.roles[one.number]})" if team.roles[one.number] else "")
                for team in found.of(one.number)
            ),
        )
        for one in found.members
    ]


HEADER = ("Numer", "Nazwa", "Sektor", "Część", "Typ", "Miejsce w sieci", "Partnerstwa")


def network_of_report(context: Context, gmina_code: str, edition: Edition) -> TeamNetwork | None:
    """For the diagnoza. Public: a network that works, its partnerships that work, natural persons without a name.

    Institutions are named there: whoever is in a public network is a public partner. What is lacking the team reads
    alone.
    """
    public = edition is Edition.PUBLIC
    found = network(context, gmina_code, public=public)
    if found.entry is None or _state(found.entry).final:
        return None
    dots, teams = graph(found, public=public)
    counted = [
        (f"typ {key} ({words})" if key else words, found.by_type[key]) for key, words in TYPE_WORDS.items()
    ]
    return TeamNetwork(
        found.entry.title,
        tuple(dots),
        tuple(teams),
        HEADER,
        tuple(rows(found, public=public)),
        tuple((words, number) for words, number in (*counted, *found.by_part.items()) if number),
        tuple((f"P{one.number}", one.entry.title, one.goal) for one in found.running),
        () if public else tuple(found.lacks),
    )


def network_csv(found: Network) -> bytes:
    """The same table for the team, as a file."""
    return spreadsheets.csv_bytes(HEADER, rows(found))


def platform_words() -> tuple[list[str], list[str]]:
    """The recommendations and the principles of a platform of cooperation (001), in the order of the source."""
    texts = register_definition(PLATFORM, RegisterLevel.REGION).texts
    recommended = [texts[f"recommendation_{number}"] for number in range(1, RECOMMENDATIONS + 1)]
    return recommended, [texts[f"principle_{number}"] for number in range(1, PRINCIPLES + 1)]


def _named(one: Member, public: bool) -> str:
    return NATURAL if public and one.natural else one.name


def _ids(wanted: Iterable[int | None], who: Mapping[int, Stakeholder]) -> list[int]:
    """As they are now: of a double, the entry that it was merged into; each once."""
    return list(dict.fromkeys(who[one].id for one in wanted if one is not None and one in who))


def _in_order(
    node: int | None, inside: Sequence[int], beside: Sequence[int], who: Mapping[int, Stakeholder]
) -> list[Stakeholder]:
    """The node, then the members, then partners from outside, each group by name."""
    rest = [one for one in inside if one != node], [one for one in beside if one not in inside]
    groups = [
        sorted((who[one] for one in group), key=lambda row: polish.alphabetical(row.name)) for group in rest
    ]
    return [*([who[node]] if node else []), *groups[0], *groups[1]]


def _partnership(
    number: int,
    entry: RegisterEntry,
    joined: Sequence[RegisterParty],
    who: Mapping[int, Stakeholder],
    numbers: Mapping[int, int],
) -> Partnership:
    state = _state(entry)
    roles: dict[int, str] = {}
    leader = next((numbers[one] for one in _ids([entry.stakeholder_id], who) if one in numbers), None)
    if leader is not None:
        roles[leader] = "koordynator"
    for party in joined:
        for one in _ids([party.stakeholder_id], who):
            if one in numbers:
                roles.setdefault(numbers[one], party.role)
    return Partnership(
        number, entry, str(entry.answers.get("cel", "")), state.label, state.final, leader, roles
    )


def _platform(entry: RegisterEntry, seat: RegisterParty) -> Platform:
    definition = register_definition(PLATFORM, RegisterLevel.REGION)
    chosen = entry.answers.get("wariant")
    option = chosen.get("option") if isinstance(chosen, Mapping) else ""
    labels = {one.id: one.label for one in definition.by_id["wariant"].options}
    return Platform(entry, labels.get(str(option), ""), _state(entry, RegisterLevel.REGION).label, seat.role)


def _judged(
    hub: RegisterEntry | None,
    members: Sequence[Member],
    partnerships: Sequence[Partnership],
    platforms: Sequence[Platform],
) -> Network:
    inside = [one for one in members if one.inside]
    present = frozenset(part for one in inside for part in one.parts)
    by_type = {letter: sum(one.type == letter for one in inside) for letter in TYPE_WORDS}
    by_part = {part_labels()[part]: sum(part in one.parts for one in inside) for part in PARTS}
    kind, meaning = TYPES.get(present, ONE_SECTOR) if inside else ("", "")
    state = _state(hub).label if hub else ""
    missing = (*lacks(present, by_type), *_lacks_here(by_type, members, partnerships)) if hub else ()
    return Network(hub, state, members, partnerships, platforms, kind, meaning, by_type, by_part, missing)


def _lacks_here(
    by_type: Mapping[str, int], members: Sequence[Member], partnerships: Sequence[Partnership]
) -> list[str]:
    """Further sentences: what a network of 004 needs beside types and sectors."""
    said = []
    running = [one for one in partnerships if not one.over]
    if sum(one.inside for one in members) < 2:
        said.append("W sieci jest tylko jej węzeł. Sieć potrzebuje członków.")
    if not running:
        said.append("Nie ma żadnego partnerstwa zadaniowego, a to one dają ludziom nowe usługi.")
    alone = [f"„{one.entry.title}”" for one in running if len(one.roles) < 2]
    if alone:
        said.append(f"Partnerstwa bez partnerów: {', '.join(alone)}.")
    outside = [one for one in members if not one.inside]
    if outside:
        count = polish.counted(len(outside), "partner nie jest", "partnerzy nie są", "partnerów nie jest")
        said.append(f"{count} w sieci. Warto zaprosić ich także do niej.")
    if by_type[""]:
        count = polish.counted(by_type[""], "członka", "członków", "członków")
        said.append(f"U {count} nie ustalono typu A, B albo C. Ustala się go w katalogu.")
    return said


def _state(entry: RegisterEntry, level: RegisterLevel = RegisterLevel.GMINA) -> RegisterState:
    return rules_of(register_definition(entry.key, level)).known_state(entry.state)
