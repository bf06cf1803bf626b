// Rules for one record of the console: how it changes here, what is sent, what an answer does to it, and what becomes
// of two pages' changes. Pure functions on plain values that are never changed in place; no storage, no network.
//
// A value holds its content and its standing:
//   base      revision of the service that the content stands on (0: never kept there)
//   writer    the open page that made the last change here, and `change`, that page's own count of changes
//   previous  what another page had written and may or may not have sent. It is sent once more as it was, under its own
//             writer, before anything newer: the service then knows it as the same, and nobody is taken for somebody else
//   newcomer  whom the letter means, if this device added them: another device may have given the letter to somebody else
//   status    "device" (to be sent) | "sent" | "refused" | "gone"

const CONTENT = {
  note: ["question", "letter", "text", "quotation", "second", "variantOf", "deleted"],
  mark: ["mark"],
  part: ["seconds"],
  consent: ["agreed", "evidence", "at"],
  fields: ["fields", "changed"],
  seat: ["role"],
  held: ["absent", "reason", "at"],
  kept: ["value"],
  bundle: ["state"],
};
const STANDING = { base: 0, writer: "", change: 0, previous: null, status: "sent", message: "" };
// Who is there comes before what they agreed to, and that before their words.
const ORDER = ["seat", "consent", "fields", "note", "mark", "part", "held"];

const random = (bytes) => [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const newIdentity = () => random(16);
export const oneLineBreak = (text) => text.replace(/\r\n?/g, "\n");

let lastNoteAt = 0;
/**
 * Of a note: begins with the moment at which it was made, as those of the service do, so that of notes begun in one
 * second of the interview the earlier one has the smaller name wherever they are put in order.
 */
export function newNoteIdentity() {
  lastNoteAt = Math.max(Date.now(), lastNoteAt + 1);
  return lastNoteAt.toString(16).padStart(12, "0") + random(10);
}

/** A page that writes: a fresh name each time it is loaded, and the count of its changes. */
export function newPage() {
  return { writer: newIdentity(), count: 0 };
}

const contentOf = (kind, value) => value && Object.fromEntries(CONTENT[kind].map((name) => [name, value[name]]));
export const sameContent = (kind, one, other) => JSON.stringify(contentOf(kind, one)) === JSON.stringify(contentOf(kind, other));
const isOf = (value, sent) => value.writer === sent.writer && value.change === sent.change;
export const waits = (value) => value?.status === "device";
/** Waits, or was not taken: it is on this device alone. */
export const onlyHere = (value) => ["device", "refused", "gone"].includes(value?.status);

/** The value with a change of this page's; `value` null: a new record. */
export function edited(value, patch, page) {
  page.count += 1;
  const before = value ?? STANDING;
  const { previous: _, ...snapshot } = before;
  const unsure = before.status === "device" && before.writer !== page.writer && !before.previous;
  return {
    ...before, ...patch, previous: unsure && value ? snapshot : before.previous,
    writer: page.writer, change: page.count, status: "device", message: "",
  };
}

/** What stands at the service, as a value. */
export const received = (content, revision = 0) => ({ ...STANDING, ...content, base: revision });

export function receivedNote(note) {
  const { question, letter, text, quotation, second } = note;
  return received({ question, letter, text, quotation, second, variantOf: note.variant_of, deleted: false }, note.revision);
}

// Sending -------------------------------------------------------------------------------------------------------

/** What is to be sent of a value now. */
export const pendingOf = (value) => value.previous ?? value;

/** In the order in which the service must learn them; a note before what was written beside it. */
export function inOrder(items) {
  const rank = ({ kind, value }) => ORDER.indexOf(kind) * 2 + (value.variantOf ? 1 : 0);
  return items.filter(({ kind }) => ORDER.includes(kind)).sort((one, other) => rank(one) - rank(other));
}

const SHAPES = {
  seat: (id, sent) => ({ letter: id, role: sent.role, newcomer: sent.newcomer }),
  consent: (id, sent) => ({ letter: id, newcomer: sent.newcomer ?? null, agreed: sent.agreed, evidence: sent.evidence, at: sent.at, base: sent.base }),
  fields: (id, sent) => ({ letter: id, newcomer: sent.newcomer ?? null, fields: sent.changed, base: sent.base }),
  note: (id, sent) => ({
    id, base: sent.base, change: sent.change, question: sent.question, letter: sent.letter, newcomer: sent.newcomer ?? null, text: sent.text,
    quotation: sent.quotation, second: sent.second, variant_of: sent.variantOf, deleted: sent.deleted,
  }),
  mark: (id, sent) => ({ question: id, mark: sent.mark, base: sent.base, change: sent.change }),
  part: (id, sent) => ({ section: id, seconds: sent.seconds, base: sent.base, change: sent.change }),
  held: (_id, sent) => ({ at: sent.at, absent: sent.absent, departure_reason: sent.reason }),
};

export const changeOf = (kind, id, sent) => ({ key: `${kind}:${id}`, kind, ...SHAPES[kind](id, sent) });

// Answers -------------------------------------------------------------------------------------------------------

/**
 * What the answer to `sent` makes of the value as it is by now. Gives {value (null: nothing is left), made: notes that
 * go on beside it (`moved`: what was being written on this page does), gone: {text...} that the service does not take back}; null: another tab has seen to it.
 */
export function after({ kind, id }, value, sent, result, page) {
  if (!value || value.base !== sent.base) return null;
  return ANSWERS[result.outcome]?.({ kind, id }, value, sent, result, page) ?? null;
}

const ANSWERS = {
  kept({ kind }, value, sent, result) {
    const base = result.revision ?? value.base;
    const done = isOf(value, sent);
    const previous = done || !value.previous || isOf(value.previous, sent) ? null : { ...value.previous, base };
    if (done && value.deleted) return { value: null };
    const next = { ...value, base, previous, status: done ? "sent" : value.status };
    if (kind === "fields" && done) next.changed = {};
    if (kind === "note" && done && value.newcomer && result.current) next.letter = result.current.letter;
    return { value: next };
  },
  conflict({ kind, id }, value, sent, result, page) {
    if (kind !== "note") return { value: CONFLICTS[kind]?.(value, result.current) ?? { ...value, status: "sent" } };
    const stored = receivedNote(result.current);
    if (value.deleted || sameWords(value, stored)) return { value: stored };
    return { value: stored, made: [{ ...beside(value, id, page), moved: true }] };
  },
  gone({ kind }, value, _sent, result) {
    if (kind !== "note" || value.deleted || !value.text.trim()) return { value: null };
    return { value: { ...value, previous: null, status: "gone", message: result.message ?? "" }, gone: true };
  },
  refused(_at, value, sent, result) {
    // What was tried before this page is not tried again; what is newer still is.
    if (value.previous && isOf(value.previous, sent)) return { value: { ...value, previous: null } };
    if (!isOf(value, sent)) return { value };
    return { value: { ...value, status: "refused", message: result.message ?? "" } };
  },
};

const CONFLICTS = {
  mark: (value, current) => current && received({ mark: current.mark }, current.revision),
  consent: (value, current) => current && {
    ...received({ agreed: current.agreed, evidence: current.evidence, at: value.at }, current.revision),
    message: "W serwisie była już zapisana inna odpowiedź tej osoby i to ona została. Prosimy sprawdzić.",
  },
};

export const sameWords = (one, other) => one.text === other.text && one.letter === other.letter && one.question === other.question && one.quotation === other.quotation;

/** A note of its own, under a new id, that stands beside `otherId` until a person decides: {id, value}. */
export function beside(value, otherId, page) {
  const content = { ...contentOf("note", value), newcomer: value.newcomer ?? null, variantOf: value.variantOf ?? otherId };
  return { id: newNoteIdentity(), value: edited(null, content, page) };
}

// Two tabs ------------------------------------------------------------------------------------------------------

/**
 * Another tab stored `theirs` while this one changed `before` into `mine`. Gives {value, made}: one value if only one
 * side changed the content, else the one that the service knows better stays and the other one goes on beside it.
 */
export function merged({ kind, id }, before, mine, theirs, page) {
  const [here, there] = [!sameContent(kind, before, mine), !sameContent(kind, before, theirs)];
  const newer = mine.base > theirs.base ? mine : theirs; // the standing of who has heard more from the service
  if (sameContent(kind, mine, theirs)) return { value: newer };
  if (!here || !there) {
    const changed = here ? mine : theirs;
    if (changed === newer) return { value: newer };
    const previous = changed.previous && { ...changed.previous, base: newer.base };
    return { value: { ...changed, base: newer.base, previous } };
  }
  if (kind === "note") return mergedNotes(id, mine, theirs, newer, page);
  return { value: TWO_TABS[kind]?.(mine, theirs, newer, page) ?? { ...mine, base: newer.base } };
}

function mergedNotes(id, mine, theirs, newer, page) {
  if (sameWords(mine, theirs) && mine.deleted === theirs.deleted) return { value: newer };
  if (mine.deleted || theirs.deleted) {
    // Words win over a removal made without having seen them.
    const words = mine.deleted ? theirs : mine;
    return { value: words.base === newer.base ? words : { ...words, base: newer.base } };
  }
  const other = newer === mine ? theirs : mine;
  return { value: newer, made: [{ ...beside(other, id, page), moved: other === mine }] };
}

const TWO_TABS = {
  part: (mine, theirs, newer) => ({ ...(mine.seconds >= theirs.seconds ? mine : theirs), base: newer.base }),
  fields: (mine, theirs, newer, page) => edited(
    newer, { fields: { ...theirs.fields, ...mine.fields }, changed: { ...theirs.changed, ...mine.changed } }, page),
  bundle: (mine, theirs) => (mine.state.now >= theirs.state.now ? mine : theirs),
};
