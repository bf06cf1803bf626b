"""The routes of interviews by who may use them: the team, its moderators, who keeps notes, who reads texts."""

from __future__ import annotations

# Of interviews: what the team and those who only moderate open, and what is of one interview's moderator.
OF_MODERATORS = {
    "interviews.index",
    "interviews.own_calendar",
    "scenarios.index",
    "scenarios.show",
    "scenarios.protocol",
    "themes.index",
    "excerpts.show",
    "quotations.index",
    "quotations.clear",
    "quotations.take_back",
}
OF_INTERVIEW = {
    "interviews.show",
    "interviews.holding",
    "interviews.hold",
    "interviews.one_calendar",
    "participants.index",
    "participants.consent",
    "participants.record_consent",
    "participants.personal",
    "participants.save_personal",
    "participants.deleting",
    "participants.delete",
    "participants.withdrawing",
    "participants.take_back",
    "interview_notice.show",
    "interview_notice.decide",
    "interview_notice.as_pdf",
}
OF_KEEPERS: set[str] = {
    "console.show",
    "console.state",
    "console.sync",
    "participant_copy.as_text",
    "participant_copy.as_json",
    "notes.index",
    "notes.new",
    "notes.add",
    "notes.edit",
    "notes.save",
    "notes.removing",
    "notes.remove",
    "notes.settling",
    "notes.settle",
    "notes.lock",
    "notes.version",
    "notes.protocol_pdf",
    "transcripts.index",
    "transcripts.read",
    "transcripts.keep",
    "transcripts.show",
    "transcripts.cutting",
    "transcripts.cut",
    "transcripts.removing",
    "transcripts.remove",
}
# A script asks: it is told where the log-in is, for it would follow a redirect and take that page for an answer.
OF_SCRIPTS = {"console.state", "console.sync"}
OF_READERS: set[str] = {
    "passages.index",
    "passages.show",
    "passages.sentences",
    "passages.add",
    "passages.add_sentences",
    "passages.edit",
    "passages.change",
    "passages.remove",
    "passages.arrange",
    "passages.agreement",
}
