"""The local network on both stores: who is in it, its partnerships, what it lacks; the platform above it."""

from __future__ import annotations

import csv
import io
import re

import docx
import pytest

from survey_app.analysis.diagnoza.docx import render_docx
from survey_app.analysis.diagnoza.pdf import render_pdf
from survey_app.analysis.diagnoza.result import Edition
from survey_app.errors import ConflictError, InvalidInputError
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.register import catalogue, merge_catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.registers import entries, network, parties
from survey_app.services.registers.entries import Content, Owner
from survey_app.services.registers.parties import Who
from survey_app.services.survey import build_diagnoza
from tests.campaign_kit import GMINA, add_gmina
from tests.integration.test_build_diagnoza import locked

GRAPH = "siec-lokalna"
OWNER = Owner(gmina_code=GMINA)
REGION = Owner(region_code="06")


class Scene:
    """A gmina with a club (A), an office (B), a firm (C) and a person (C)."""

    def __init__(self, context: Context, new: bool = True) -> None:
        self.context = context
        if new:
            add_gmina(context, 0)
        self.club = self.entry("=KIS „Start”", "organizacje_obywatelskie", "A")
        self.office = self.entry("Ośrodek", "administracja_publiczna", "B")
        self.firm = self.entry("Tartak <b>", "przedsiebiorcy", "C")
        self.person = self.entry("Sołtys Nowak", "edukacja", None, natural=True)

    def entry(self, name: str, sector: str, kind: str | None, natural: bool = False) -> int:
        draft = StakeholderDraft(name, sector, True, kind, natural_person=natural)
        return catalogue.add_stakeholder(self.context, GMINA, draft, None).id

    def found(self, *members: int) -> int:
        made = entries.add(self.context, OWNER, network.NETWORK, Content({"nazwa": ["LSR"]}, self.club), None)
        self.join(made.id, *members)
        return made.id

    def partnership(self, name: str, leader: int, *members: int, role: str = "") -> int:
        content = Content({"nazwa": [name], "cel": "Przewóz"}, leader)
        made = entries.add(self.context, OWNER, network.PARTNERSHIPS, content, None)
        self.join(made.id, *members, role=role)
        return made.id

    def join(self, entry_id: int, *members: int, role: str = "") -> None:
        who = [Who(stakeholder_id=one) for one in members]
        parties.add(self.context, OWNER, entry_id, who, role, None)

    def network(self) -> network.Network:
        return network.network(self.context, GMINA)


@pytest.fixture
def scene(context: Context) -> Scene:
    return Scene(context)


def test_without_a_network_there_is_nothing_and_nothing_lacks(scene: Scene) -> None:
    found = scene.network()
    assert (found.entry, found.members, found.lacks, found.kind) == (None, [], (), "")
    assert list(csv.reader(io.StringIO(network.network_csv(found).decode("utf-8-sig")), delimiter=";")) == [
        list(network.HEADER)
    ]


def test_members_are_counted_by_type_and_part_and_what_is_lacking_is_said(scene: Scene) -> None:
    scene.found(scene.office, scene.club)
    found = scene.network()
    assert [(one.number, one.name, one.node) for one in found.members] == [
        (1, "=KIS „Start”", True),
        (2, "Ośrodek", False),
    ]
    assert found.kind == "partnerstwo publiczno-społeczne"
    said = " ".join(found.lacks)
    assert "typu C" in said
    assert "żadnego partnerstwa" in said
    assert len(found.lacks) == 3
    scene.join(found.entry.id if found.entry else 0, scene.firm)
    scene.partnership("Przewóz", scene.club, scene.firm)
    full = scene.network()
    assert (full.by_type, full.lacks) == ({"A": 1, "B": 1, "C": 1, "": 0}, ())
    with pytest.raises(ConflictError):
        entries.add(scene.context, OWNER, network.NETWORK, Content({"nazwa": ["Druga"]}, scene.club), None)


def test_a_partnership_has_a_leader_roles_and_ends(scene: Scene) -> None:
    scene.found(scene.office)
    made = scene.partnership("Przewóz", scene.office, scene.firm, scene.office, role="finansuje")
    found = scene.network()
    team = found.partnerships[0]
    assert (team.leader, dict(team.roles)) == (2, {2: "koordynator", 3: "finansuje"})
    assert [one.number for one in found.members if not one.inside] == [3]
    assert "nie jest" in " ".join(found.lacks), "a partner from outside"
    entries.set_state(scene.context, OWNER, made, "ended", scene.context.today(), "", None)
    after = scene.network()
    assert len(after.members) == 2
    assert [one.over for one in after.partnerships] == [True]
    assert network.graph(after)[1] == []


def test_the_list_says_what_the_graph_shows_and_hostile_names_stay_text(scene: Scene) -> None:
    scene.found(scene.office, scene.person, scene.firm)
    scene.partnership("=1+1", scene.club, scene.person, scene.firm)
    found = scene.network()
    dots, teams = network.graph(found)
    rows = network.rows(found)
    assert [(str(one.number), one.name, one.type) for one in dots] == [
        (row[0], row[1], row[4]) for row in rows
    ]
    for team in teams:
        named = {row[0] for row in rows if f"P{team.number} " in row[6]}
        assert named == {str(one) for one in team.members}
    written = network.network_csv(found).decode("utf-8-sig")
    cells = list(csv.reader(io.StringIO(written), delimiter=";"))
    assert cells[1][1] == "'=KIS „Start”"
    assert len(cells) == 1 + len(rows)
    assert "Sołtys Nowak" in written
    public = network.graph(found, public=True)[0], network.rows(found, public=True)
    assert "Sołtys" not in repr(public)
    assert network.NATURAL in repr(public)


def test_the_public_diagnoza_names_institutions_of_a_working_network_and_no_person(
    sqlite_context: Context,
) -> None:
    context = sqlite_context
    number = locked(context).campaign.id
    scene = Scene(context, new=False)

    def told(edition: Edition) -> str:
        document = build_diagnoza.document(context, number, edition)
        found = [one for one in document.chapters if one.anchor == GRAPH]
        return repr(found[0].blocks) if found else ""

    before = build_diagnoza.build(context, number, Edition.PUBLIC).checksum
    hub = scene.found(scene.person, scene.firm)
    forming = scene.partnership("Przewóz", scene.club, scene.firm)
    assert told(Edition.PUBLIC) == "", "a network that is only forming is the team's own"
    assert build_diagnoza.build(context, number, Edition.PUBLIC).checksum == before
    for words in ("Sołtys Nowak", "Przewóz", "Czego sieci brakuje", "Tartak <b>"):
        assert words in told(Edition.INTERNAL)
    entries.set_state(context, OWNER, hub, "working", context.today(), "", None)
    public = told(Edition.PUBLIC)
    assert "Tartak <b>" in public
    assert network.NATURAL in public
    for words in ("Sołtys", "Przewóz", "brakuje"):
        assert words not in public
    entries.set_state(context, OWNER, forming, "working", context.today(), "", None)
    assert "Przewóz" in told(Edition.PUBLIC)
    assert build_diagnoza.build(context, number, Edition.PUBLIC).checksum != before
    entries.set_state(context, OWNER, hub, "ended", context.today(), "Rozwiązana", None)
    assert told(Edition.PUBLIC) == told(Edition.INTERNAL) == ""


def test_the_network_stands_in_the_diagnozas_files(sqlite_context: Context) -> None:
    number = locked(sqlite_context).campaign.id
    scene = Scene(sqlite_context, new=False)
    hub = scene.found(scene.firm, scene.office)
    scene.partnership("Przewóz", scene.club, scene.firm)
    entries.set_state(sqlite_context, OWNER, hub, "working", sqlite_context.today(), "", None)
    document = build_diagnoza.document(sqlite_context, number, Edition.INTERNAL)
    written = docx.Document(io.BytesIO(render_docx(document)))
    cells = {cell.text for table in written.tables for row in table.rows for cell in row.cells}
    assert "Przewóz" in cells
    for name in ("=KIS „Start”", "Tartak <b>"):
        assert any(re.fullmatch(rf"\d\. {re.escape(name)}", cell) for cell in cells), name
    words = " ".join(paragraph.text for paragraph in written.paragraphs)
    assert "typ A (reintegracja jest głównym celem): 1" in words
    assert not re.search(r"[Tt]yp [ABC]: ", words), "two colons"
    assert render_pdf(document).startswith(b"%PDF")


def test_a_double_in_the_network_is_its_better_once(scene: Scene) -> None:
    double = scene.entry("Tartak Nowy", "przedsiebiorcy", "C")
    scene.found(double, scene.firm)
    merge_catalogue.merge(scene.context, GMINA, double, scene.firm, None)
    assert [one.name for one in scene.network().members] == ["=KIS „Start”", "Tartak <b>"]
    catalogue.mark_left(scene.context, GMINA, scene.firm, None)
    assert [one.gone for one in scene.network().members] == [False, True]


def test_a_gmina_sees_the_platform_that_its_region_put_it_in(scene: Scene) -> None:
    content = Content({"nazwa": ["Platforma"], "wariant": {"option": "komitet"}})
    made = entries.add(scene.context, REGION, network.PLATFORM, content, None)
    assert not scene.network().platforms
    role = "gmina z Zespołem Lokalnej Synergii"
    parties.add(scene.context, REGION, made.id, [Who(gmina_code=GMINA)], role, None)
    parties.add(scene.context, REGION, made.id, [Who(name="ROPS")], "administracja", None)
    (seen,) = scene.network().platforms
    told = (seen.entry.title, seen.variant, seen.state, seen.role)
    assert told == ("Platforma", "przy komitecie do spraw ekonomii społecznej", "powstaje", role)


def test_a_region_without_gminas_can_keep_a_platform_but_no_gmina_of_another(scene: Scene) -> None:
    gminas.add_gmina(scene.context, "0203022", "Gaworzyce", "dolnośląskie", "polkowicki", actor=None)
    empty = Owner(region_code="32")
    content = Content({"nazwa": ["Pusta"], "wariant": {"option": "samoistny"}})
    made = entries.add(scene.context, empty, network.PLATFORM, content, None)
    for code in (GMINA, "020302"):
        with pytest.raises(InvalidInputError):
            parties.add(scene.context, empty, made.id, [Who(gmina_code=code)], "", None)
    parties.add(scene.context, empty, made.id, [Who(name="PCPR")], "", None)
    assert not scene.network().platforms


def test_the_platforms_words_are_complete() -> None:
    recommended, principles = network.platform_words()
    assert (len(recommended), len(principles)) == (7, 4)
    assert all(recommended + principles)
