"""An interview with its text and passages written straight into the tables, for tests of what points at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from survey_app.models import Excerpt, Interview, InterviewSeat, InterviewText, Participant
from survey_app.services.context import Context
from survey_app.services.interviewing.compose_text import BETWEEN_NOTES, Run, compose
from survey_app.services.interviewing.scenarios import publish_scenario


@dataclass(frozen=True)
class Talk:
    interview_id: int
    text_id: int


def a_talk(
    context: Context,
    gmina_code: str,
    seats: Mapping[str, int | None],
    runs: Sequence[Run],
    *,
    form: str = "idi",
    moderator_id: int | None = None,
    second_yes: bool | None = True,
    kind: str = "notes",
) -> Talk:
    """Held now; `seats`: letter -> stakeholder. Everybody agreed, and to `second_yes` what it says."""
    now = context.clock()
    version_id = publish_scenario(context, form).id
    composed = compose(runs, BETWEEN_NOTES)
    with context.database.transaction() as session:
        talk = Interview(
            gmina_code=gmina_code,
            instrument_version_id=version_id,
            form=form,
            starts_at=now,
            minutes=55,
            moderator_id=moderator_id,
            state="held",
            held_on=now.date(),
            created_at=now,
            changed_at=now,
        )
        talk.seats = [
            InterviewSeat(letter=letter, stakeholder_id=stakeholder_id, role="manages", absent=False)
            for letter, stakeholder_id in seats.items()
        ]
        session.add(talk)
        session.flush()
        for seat in talk.seats:
            session.add(
                Participant(
                    seat_id=seat.id,
                    agreed=True,
                    agreed_at=now,
                    evidence=second_yes,
                    evidence_at=None if second_yes is None else now,
                    instrument_version_id=version_id,
                )
            )
        text = InterviewText(
            interview_id=talk.id,
            kind=kind,
            number=1,
            text=composed.text,
            segments=composed.columns,
            sha256=composed.sha256,
            created_at=now,
        )
        session.add(text)
        session.flush()
        return Talk(talk.id, text.id)


def an_excerpt(context: Context, talk: Talk, words: str, coder_id: int) -> int:
    """The passage of these words, which stand once in the talk's text; whose it is follows from where it stands."""
    with context.database.transaction() as session:
        text = session.get_one(InterviewText, talk.text_id)
        start, end = text.text.index(words), text.text.index(words) + len(words)
        touched = [one for one in text.segments if one["start"] < end and one["end"] > start]
        letters = {one["letter"] for one in touched}
        seat_id = None
        if len(letters) == 1:
            query = select(InterviewSeat.id).filter_by(interview_id=talk.interview_id, letter=letters.pop())
            seat_id = session.scalars(query).one_or_none()
        row = Excerpt(
            text_id=talk.text_id,
            seat_id=seat_id,
            question_id=touched[0]["question"],
            start_at=start,
            end_at=end,
            coder_id=coder_id,
            memo="",
            created_at=context.clock(),
        )
        session.add(row)
        session.flush()
        return row.id


def answer_second(context: Context, talk: Talk, letter: str, yes: bool) -> None:
    """The person changes their mind on being evidence alone."""
    with context.database.transaction() as session:
        seat = select(InterviewSeat.id).filter_by(interview_id=talk.interview_id, letter=letter)
        query = select(Participant).where(Participant.seat_id == session.scalars(seat).one())
        row = session.scalars(query).one()
        row.evidence, row.evidence_at = yes, context.clock()
