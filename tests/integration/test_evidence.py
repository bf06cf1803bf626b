"""What ratings and decisions lean on: one thing each, never an anonymous answer, a rater's own until laid open."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from survey_app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from survey_app.models import Base, Decision, Evidence, Rating, Response
from survey_app.services import accounts, gminas, team_people
from survey_app.services.coding import coding_rounds, corrections, documents, evidence, rate
from survey_app.services.coding.evidence import EvidenceDraft
from survey_app.services.coding.rate import RatingDraft
from survey_app.services.context import Context
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from tests import campaign_kit
from tests.coding_rows import a_round, close, id_of, lay_open
from tests.example_files import a_pdf

OURS = campaign_kit.GMINA
THEIRS = "060505"
PASSWORD = "cztery-zwykle-slowa-razem"


class Scene:
    """A round of one institution with two raters; the coordinator is one of them. Named and anonymous answers."""

    def __init__(self, context: Context) -> None:
        self.context = context
        campaign_kit.add_gmina(context, 3)
        gminas.seed_pilot_gminas(context)
        for email, role in (
            ("anna@example.org", {"coordinator_of": OURS}),
            ("jan@example.org", {"member_of": OURS}),
            ("piotr@example.org", {"member_of": OURS}),
            ("obca@example.org", {"coordinator_of": THEIRS}),
        ):
            accounts.create_user(context, email, email.partition("@")[0], PASSWORD, **role)  # type: ignore[arg-type]
        self.anna, self.jan, self.piotr, self.obca = (
            id_of(context, f"{name}@example.org") for name in ("anna", "jan", "piotr", "obca")
        )
        entries = catalogue.stakeholders(context, OURS)
        self.rated, self.other = entries[0].id, entries[1].id
        self.round_id = a_round(context, ("anna@example.org", "jan@example.org"), (self.rated,), OURS)
        self.document = documents.upload(context, OURS, "Strategia", "strategia.pdf", a_pdf(), self.anna)

    def attach(self, person_id: int, draft: EvidenceDraft, criterion: str = "wplyw") -> int:
        return evidence.attach_to_rating(
            self.context, OURS, self.round_id, person_id, self.rated, criterion, draft
        )

    def of_ratings(self) -> dict[tuple[int, int, str], list[str]]:
        with self.context.database.reading() as session:
            found, _ = evidence.of_round(session, self.round_id)
            return {key: [view.words for view in views] for key, views in found.items()}

    def decide(self) -> int:
        """A decision in a round that is laid open."""
        lay_open(self.context, self.round_id)
        with self.context.database.transaction() as session:
            row = Decision(
                round_id=self.round_id,
                stakeholder_id=self.rated,
                code="zwolennik",
                reason="Daje salę.",
                decided_at=self.context.clock(),
            )
            session.add(row)
            session.flush()
            return row.id

    @property
    def paper(self) -> EvidenceDraft:
        return EvidenceDraft("document", str(self.document.id), "strona 4")

    @property
    def entry(self) -> EvidenceDraft:
        return EvidenceDraft("catalogue", str(self.other))


@pytest.fixture
def scene(context: Context) -> Scene:
    return Scene(context)


def answers(context: Context, mode: str, locked: bool = True) -> list[str]:
    """Ids of the answers of one campaign in this mode."""
    now = context.clock()
    held = campaign_kit.hold(
        context, mode=mode, title=f"Kampania {mode}", opens_at=now, closes_at=now + campaign_kit.WEEK
    )
    for code in held.codes:
        campaign_kit.send(context, held, code)
    if locked:
        campaign_kit.lock(context, held)
    with context.database.reading() as session:
        found = select(Response.id).where(Response.campaign_id == held.campaign.id)
        return list(session.scalars(found))


def test_a_rating_points_at_a_document_and_an_entry_before_it_has_a_point(scene: Scene) -> None:
    first = scene.attach(scene.jan, scene.paper)
    scene.attach(scene.jan, scene.entry)
    assert scene.attach(scene.jan, scene.paper) == first, "the same once more is the same evidence"
    assert scene.of_ratings() == {(scene.jan, scene.rated, "wplyw"): ["Strategia", "Instytucja 002"]}
    with scene.context.database.reading() as session:
        row = session.get_one(Rating, (scene.round_id, scene.jan, scene.rated, "wplyw"))
        own = evidence.of_own_ratings(session, scene.round_id, scene.jan)
        assert evidence.of_own_ratings(session, scene.round_id, scene.anna) == {}
    assert (row.point, row.dont_know, row.reason) == (None, False, "")
    (views,) = own.values()
    assert [(view.kind, view.note, view.document_id) for view in views] == [
        ("document", "strona 4", scene.document.id),
        ("catalogue", "", None),
    ]


def test_only_the_rater_takes_it_back_and_nobody_else_learns_that_it_is_there(scene: Scene) -> None:
    number = scene.attach(scene.jan, scene.paper)
    for person in (scene.anna, scene.piotr, scene.obca):
        with pytest.raises(NotFoundError) as of_another:
            evidence.detach(scene.context, OURS, number, person)
        with pytest.raises(NotFoundError) as of_nobody:
            evidence.detach(scene.context, OURS, number + 1, person)
        assert str(of_another.value) == str(of_nobody.value)
    evidence.detach(scene.context, OURS, number, scene.jan)
    assert scene.of_ratings() == {}


def test_who_has_no_seat_or_represents_the_institution_attaches_nothing(scene: Scene) -> None:
    with pytest.raises(ForbiddenError):
        scene.attach(scene.piotr, scene.paper)
    team_people.set_representations(scene.context, OURS, scene.jan, [scene.rated], scene.anna)
    with pytest.raises(ForbiddenError):
        scene.attach(scene.jan, scene.paper)
    assert scene.of_ratings() == {}


def test_nothing_of_a_rating_changes_after_it_is_laid_open(scene: Scene) -> None:
    number = scene.attach(scene.jan, scene.paper)
    lay_open(scene.context, scene.round_id)
    for _ in range(2):
        with pytest.raises(ConflictError):
            scene.attach(scene.jan, scene.entry)
        with pytest.raises(ConflictError):
            evidence.detach(scene.context, OURS, number, scene.jan)
        close(scene.context, scene.round_id)
    assert scene.of_ratings() == {(scene.jan, scene.rated, "wplyw"): ["Strategia"]}


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (EvidenceDraft("", ""), "Nie wybrano"),
        (EvidenceDraft("catalogue", "0"), "Nie wybrano"),
        (EvidenceDraft("catalogue", "99999999999"), "Nie wybrano"),
        (EvidenceDraft("catalogue", "1; DROP TABLE"), "Nie wybrano"),
        (EvidenceDraft("document", "²"), "Nie wybrano"),
        (EvidenceDraft("document", "77"), "Nie wybrano"),
        (EvidenceDraft("gossip", "1"), "Nie wybrano"),
        (EvidenceDraft("excerpt", "1"), "Nie ma takiego fragmentu"),
        (EvidenceDraft("excerpt", "99999999999"), "Nie ma takiego fragmentu"),
        (EvidenceDraft("named_answer", "f" * 32), "Nie ma takiej odpowiedzi"),
        (EvidenceDraft("named_answer", "a\x00b"), "Nie ma takiej odpowiedzi"),
    ],
)
def test_what_cannot_be_pointed_at_is_refused_in_words(
    scene: Scene, draft: EvidenceDraft, words: str
) -> None:
    with pytest.raises(InvalidInputError, match=words) as refused:
        scene.attach(scene.jan, draft)
    assert [fault.where for fault in refused.value.faults] == ["target"]
    assert scene.of_ratings() == {}
    with pytest.raises(InvalidInputError):
        scene.attach(scene.jan, replace(scene.paper, note="x" * 501))
    with pytest.raises(NotFoundError):
        scene.attach(scene.jan, scene.paper, "nie_ma_takiego")


def test_another_gminas_things_are_no_evidence_and_its_people_attach_nothing(scene: Scene) -> None:
    draft = StakeholderDraft(
        name="Obca szkoła", sector=next(iter(catalogue.catalogue_sectors())), internal=True
    )
    foreign = catalogue.add_stakeholder(scene.context, THEIRS, draft, actor=None)
    paper = documents.upload(scene.context, THEIRS, "", "obcy.pdf", a_pdf("obcy"), scene.obca)
    for kind, number in (("catalogue", foreign.id), ("document", paper.id)):
        with pytest.raises(InvalidInputError):
            scene.attach(scene.jan, EvidenceDraft(kind, str(number)))
    with pytest.raises(NotFoundError):
        evidence.attach_to_rating(
            scene.context, THEIRS, scene.round_id, scene.obca, scene.rated, "wplyw", scene.paper
        )
    with pytest.raises(ForbiddenError):
        evidence.offered(scene.context, OURS, scene.obca)


def test_a_decision_is_given_evidence_by_the_coordinator_while_codes_are_agreed(scene: Scene) -> None:
    decision_id, context = scene.decide(), scene.context
    with pytest.raises(ForbiddenError):
        evidence.attach_to_decision(context, OURS, decision_id, scene.paper, scene.jan)
    with pytest.raises(NotFoundError):
        evidence.attach_to_decision(context, THEIRS, decision_id, scene.paper, scene.obca)
    with pytest.raises(NotFoundError):
        evidence.attach_to_decision(context, OURS, decision_id + 1, scene.paper, scene.anna)
    number = evidence.attach_to_decision(context, OURS, decision_id, scene.paper, scene.anna)
    with context.database.reading() as session:
        assert list(evidence.of_decisions(session, scene.round_id)) == [decision_id]
    with pytest.raises(ForbiddenError):
        evidence.detach(context, OURS, number, scene.jan)
    close(context, scene.round_id)
    for change in (
        lambda: evidence.attach_to_decision(context, OURS, decision_id, scene.entry, scene.anna),
        lambda: evidence.detach(context, OURS, number, scene.anna),
    ):
        with pytest.raises(ConflictError):
            change()


def test_a_correction_after_the_close_is_given_evidence_and_keeps_it(scene: Scene) -> None:
    """METHOD, "Coding": every decision can point at its evidence, and nothing of a closed round is taken away."""
    decision_id, context = scene.decide(), scene.context
    close(context, scene.round_id)
    corrected = corrections.correct(
        context, OURS, scene.round_id, scene.rated, "neutralny", "Pomylono wiersz.", scene.anna
    )
    with pytest.raises(ForbiddenError):
        evidence.attach_to_decision(context, OURS, corrected.id, scene.paper, scene.jan)
    number = evidence.attach_to_decision(context, OURS, corrected.id, scene.paper, scene.anna)
    with context.database.reading() as session:
        assert list(evidence.of_decisions(session, scene.round_id)) == [corrected.id]
    with pytest.raises(ConflictError):
        evidence.detach(context, OURS, number, scene.anna)
    with pytest.raises(ConflictError):
        evidence.attach_to_decision(context, OURS, decision_id, scene.paper, scene.anna)


def test_a_named_answer_is_evidence_once_its_campaign_is_locked(scene: Scene) -> None:
    number = answers(scene.context, "named", locked=False)[0]
    draft = EvidenceDraft("named_answer", number)
    with pytest.raises(InvalidInputError, match="nie jest zablokowana"):
        scene.attach(scene.jan, draft)
    assert evidence.offered(scene.context, OURS, scene.jan).named_answers == ()


def test_named_answers_of_locked_campaigns_are_offered_and_anonymous_ones_never(scene: Scene) -> None:
    named, anonymous = answers(scene.context, "named"), answers(scene.context, "anonymous")
    offered = evidence.offered(scene.context, OURS, scene.jan)
    assert {choice.value for choice in offered.named_answers} == {f"named_answer:{one}" for one in named}
    assert not [one for one in anonymous if any(one in choice.value for choice in offered.named_answers)]
    assert offered.excerpts == ()
    assert len(offered.entries) == 3
    chosen = evidence.draft_of_choice(offered.named_answers[0].value, "pytanie 9")
    scene.attach(scene.jan, chosen)
    ((words,),) = scene.of_ratings().values()
    assert words == offered.named_answers[0].words
    assert words.startswith("Instytucja 00")
    assert "Kampania named" in words


def test_an_anonymous_answer_is_refused_in_words(scene: Scene) -> None:
    draft = EvidenceDraft("named_answer", answers(scene.context, "anonymous")[0])
    with pytest.raises(InvalidInputError, match="anonimowej nie może być dowodem"):
        scene.attach(scene.jan, draft)
    decision_id = scene.decide()
    with pytest.raises(InvalidInputError, match="anonimowej nie może być dowodem") as refused:
        evidence.attach_to_decision(scene.context, OURS, decision_id, draft, scene.anna)
    assert draft.target not in str(refused.value.faults)
    with scene.context.database.reading() as session:
        assert session.scalars(select(Evidence)).all() == []
        assert session.scalars(select(Rating)).all() == [], "nor is a rating made on the way"


@pytest.mark.parametrize("mode", [None, "anonymous", "named", "", "NAMED", "named "])
def test_the_store_itself_refuses_an_anonymous_answer(scene: Scene, mode: str | None) -> None:
    """Past every use case: as a new row of a decision or a rating, and as a change of one that is there."""
    anonymous = answers(scene.context, "anonymous")[0]
    kept = scene.attach(scene.jan, scene.entry)
    decision_id = scene.decide()
    rating = {
        "round_id": scene.round_id,
        "person_id": scene.jan,
        "stakeholder_id": scene.rated,
        "criterion": "wplyw",
    }
    pointing = {"kind": "named_answer", "response_id": anonymous, "response_mode": mode}
    for of in ({"decision_id": decision_id}, rating):
        with pytest.raises(IntegrityError), scene.context.database.transaction() as session:
            session.add(Evidence(**of, **pointing))
    table = Base.metadata.tables["evidence"]
    changed = table.update().where(table.c.id == kept).values(entry_id=None, **pointing)
    with pytest.raises(IntegrityError), scene.context.database.transaction() as session:
        session.execute(changed)
    assert list(scene.of_ratings().values()) == [["Instytucja 002"]]


def test_one_rating_has_room_for_twenty_pieces(scene: Scene) -> None:
    for number in range(evidence.MAX_PIECES):
        scene.attach(scene.jan, replace(scene.entry, note=f"nr {number}"))
    with pytest.raises(ConflictError, match=r"najwyżej 20\sdowodów"):
        scene.attach(scene.jan, scene.entry)
    scene.attach(scene.jan, scene.entry, "wiedza")


def test_a_document_tells_nothing_of_ratings_that_were_given_up_before_anybody_saw_them(scene: Scene) -> None:
    scene.attach(scene.jan, scene.paper)
    scene.attach(scene.jan, scene.entry)
    with pytest.raises(ConflictError, match="Trwają oceny"):
        documents.remove(scene.context, OURS, scene.document.id, scene.anna)
    coding_rounds.abandon(scene.context, OURS, scene.round_id, "Zaczynamy od nowa.", scene.anna)
    documents.remove(scene.context, OURS, scene.document.id, scene.anna)
    assert list(scene.of_ratings().values()) == [["Instytucja 002"]]


def test_a_document_stays_with_ratings_that_were_laid_open_and_given_up_then(scene: Scene) -> None:
    scene.attach(scene.jan, scene.paper)
    rate.save_rating(scene.context, OURS, scene.round_id, scene.jan, scene.rated, "wplyw", RatingDraft(2), 1)
    coding_rounds.lay_open(scene.context, OURS, scene.round_id, scene.anna)
    coding_rounds.abandon(scene.context, OURS, scene.round_id, "Zaczynamy od nowa.", scene.anna)
    with pytest.raises(ConflictError, match="jest dowodem"):
        documents.remove(scene.context, OURS, scene.document.id, scene.anna)
    assert list(scene.of_ratings().values()) == [["Strategia"]]
