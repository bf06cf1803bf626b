// One interview as the screen sees it: what there is, what can be done, what has happened. The screen never waits.
//
// openReplica({stateUrl, changesUrl, interviewId}) -> Promise<Replica>, an EventTarget with
//   bundle   the service's state without notes; null: never opened on this device, and no network
//   notes    Map id -> {id, question, letter, text, quotation, second, variantOf, status, message}
//            status "device" (waits) | "sent" | "refused" | "gone" (not taken back: `revive` or `removeNote`)
//   marks    Map question -> {mark}          parts   Map section -> {seconds}
//   seats    Map letter -> {letter, institution, role, role_words, absent, agreed, evidence, withdrawn, fields, message}
//   held     null | {absent, reason, status, message}
//   status   {online, waiting, waitingNotes, keptAt, sentAt, session, loginUrl, vault, persisted, message}
// Events, dispatched synchronously, when the maps are already new:
//   "change" detail {kind: "note"|"mark"|"part"|"seat"|"bundle"|"kept"|"held", id, from}. `from`: what was being written
//            here under `from` goes on under `id`, since somebody else wrote under `from`: move the field to `id`.
//   "status"
//   "told"   detail {kind, id, was, message}: what was answered here and is not kept, for the service has something else
//            (`was`: the value), or does not take it (`message`); kind "seat": who was `was` here is `id` for everybody
//   "gone"   detail {id, why: "deleted"|"withdrawn", text, question, letter, message}
//   "wiped"  somebody logged out: nothing is left here
// Text fields need autocomplete="off": else the browser writes their text into its own session file, not encrypted.

import { Keeping } from "./keeping.js";
import { after, beside, edited, newIdentity, newNoteIdentity, newPage, oneLineBreak, onlyHere, received, receivedNote, sameContent, waits } from "./records.js";
import { Sender } from "./sync.js";
import { personsHere } from "./vault.js";

const PATIENCE_MS = 3000;
const NEVER_OPENED = "Tego wywiadu nie ma jeszcze na tym urządzeniu. Trzeba go raz otworzyć, gdy jest połączenie z serwisem.";
const COUNTED = new Set(["seat", "consent", "fields", "note", "mark", "held"]);
const LETTERED = new Set(["seat", "consent", "fields"]); // records that have a person's letter for their name
const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const NOTE_FIELDS = ["question", "letter", "text", "quotation", "second"];

export async function openReplica(options) {
  const replica = new Replica(options);
  await replica.open();
  return replica;
}

export class Replica extends EventTarget {
  bundle = null;
  notes = new Map();
  marks = new Map();
  parts = new Map();
  seats = new Map();
  held = null;
  lettered = new Map(); // newcomer -> letter, as it was last shown
  status = { online: true, waiting: 0, waitingNotes: 0, keptAt: 0, sentAt: 0, session: "alive", loginUrl: "", vault: "missing", persisted: false, message: "" };

  constructor({ stateUrl, changesUrl, interviewId }) {
    super();
    this.page = newPage();
    this.keeping = new Keeping(Number(interviewId), this.page, {
      tell: (kind, id, from) => this.tell(kind, id, from),
      standing: () => this.stand(),
      wiped: () => this.#wiped(),
    });
    this.sender = new Sender(this, { stateUrl, changesUrl });
  }

  async open() {
    const [last] = await personsHere();
    const asked = this.sender.fetchState();
    const slow = new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS, null); });
    let got = await Promise.race([asked, slow]);
    if (!got?.state && last !== undefined) await this.#openKept(last);
    if (!got && !this.bundle) got = await asked;
    if (got?.state && !this.bundle) await this.#openFor(got.state.person);
    this.sender.begin(got, asked);
    await this.flush();
    if (!this.bundle && !this.status.message) this.stand({ message: NEVER_OPENED });
    this.#askToPersist();
    if (this.bundle) this.#keepShell();
    addEventListener("pagehide", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
  }

  async #openKept(person) {
    await this.keeping.open(person);
    if (!this.keeping.value("bundle", "")) {
      this.keeping.leave();
      return;
    }
    this.#showAll();
    this.stand();
  }

  async #openFor(person) {
    await this.keeping.open(person);
    this.#showAll();
  }

  // The worker has this console's address for its scope: no other page passes through it.
  #keepShell() {
    if (!location.pathname.endsWith("/konsola")) return;
    navigator.serviceWorker?.register("/panel/konsola-worker.js", { scope: location.pathname })
      .catch((error) => console.info("a reload needs the network here:", error.name));
  }

  async #askToPersist() {
    const persisted = await navigator.storage?.persist?.().catch(() => false);
    this.stand({ persisted: Boolean(persisted) });
  }

  // What the screen does ------------------------------------------------------------------------------------------

  /** May anything be written under this letter (null: the moderator's own words)? */
  mayNote(letter) {
    const agreed = (seat) => Boolean(seat?.agreed) && !seat.withdrawn;
    return letter ? agreed(this.seats.get(letter)) : [...this.seats.values()].some(agreed);
  }

  /**
   * At every keystroke. Go on with the id that comes back. `was`: the text that the field showed before; if something
   * else stands there by now, the words go on in a note beside it. Throws where nobody agreed: nothing may be kept.
   */
  writeNote(id, { was, ...fields }) {
    const before = id ? this.keeping.value("note", id) : null;
    const patch = Object.fromEntries(NOTE_FIELDS.filter((name) => name in fields).map((name) => [name, fields[name]]));
    if ("text" in patch) patch.text = oneLineBreak(patch.text);
    if ("letter" in patch) patch.newcomer = this.#newcomer(patch.letter);
    const letter = "letter" in patch ? patch.letter : before?.letter ?? null;
    if (!this.mayNote(letter)) throw new Error("no consent");
    if (!before || before.status === "gone" || before.deleted) return this.#newNote(id, before, patch);
    if (was !== undefined && oneLineBreak(was) !== before.text) return this.#writeBeside(id, before, patch);
    if (!sameContent("note", before, { ...before, ...patch })) this.#put("note", id, edited(before, patch, this.page));
    return id;
  }

  #newNote(id, before, patch) {
    const fresh = { question: "", letter: null, text: "", quotation: false, second: 0, variantOf: null, deleted: false };
    const made = newNoteIdentity();
    const content = before ? { question: before.question, letter: before.letter, newcomer: before.newcomer ?? null, text: before.text, quotation: before.quotation, second: before.second } : {};
    this.#put("note", made, edited(null, { ...fresh, ...content, ...patch }, this.page), id ?? undefined);
    if (before?.status === "gone") this.#put("note", id, null);
    return made;
  }

  #writeBeside(id, before, patch) {
    const made = beside({ ...before, ...patch }, id, this.page);
    this.#put("note", made.id, made.value, id);
    return made.id;
  }

  removeNote(id) {
    const before = this.keeping.value("note", id);
    if (!before) return;
    if (before.status === "gone") this.#put("note", id, null);
    else this.#put("note", id, edited(before, { text: "", deleted: true }, this.page));
  }

  /** A note that the service does not take back goes on as a new one. */
  revive(id) {
    return this.keeping.value("note", id)?.status === "gone" ? this.writeNote(id, {}) : id;
  }

  /** `id`: of the note that stands beside another one. "mine": its words take the other's place. */
  settle(id, keep) {
    const variant = this.keeping.value("note", id);
    const other = variant?.variantOf && this.keeping.value("note", variant.variantOf);
    if (!variant?.variantOf) return;
    if (keep === "both" || !other) {
      this.#put("note", id, edited(variant, { variantOf: null }, this.page));
      return;
    }
    // Both changes reach the disk in one transaction, so that the words are never nowhere.
    const { text, quotation, letter, newcomer = null } = variant;
    if (keep === "mine") this.#put("note", variant.variantOf, edited(other, { text, quotation, letter, newcomer }, this.page));
    this.#put("note", id, edited(variant, { text: "", deleted: true }, this.page));
  }

  setMark(question, mark) {
    const before = this.keeping.value("mark", question);
    if ((before?.mark ?? "") !== mark) this.#put("mark", question, edited(before, { mark }, this.page));
  }

  setPart(section, seconds) {
    const before = this.keeping.value("part", section);
    if (seconds > (before?.seconds ?? 0)) this.#put("part", section, edited(before, { seconds: Math.floor(seconds) }, this.page));
  }

  setConsent(letter, { agreed, evidence = null }) {
    const newcomer = this.#newcomer(letter);
    const seat = newcomer ? null : this.bundle?.seats.find((one) => one.letter === letter);
    const kept = this.keeping.value("consent", letter);
    const before = kept ?? received({ agreed: seat?.agreed ?? null, evidence: seat?.evidence ?? null }, seat?.revision ?? 0);
    const base = Math.max(before.base, seat?.revision ?? 0);
    const answer = { agreed, evidence: agreed ? evidence : null, at: Date.now(), newcomer };
    this.#put("consent", letter, edited({ ...before, base }, answer, this.page));
    this.#tryRefusedAgain();
  }

  setFields(letter, fields) {
    const before = this.keeping.value("fields", letter) ?? received({ fields: {}, changed: {} });
    const patch = { fields: { ...before.fields, ...fields }, changed: { ...before.changed, ...fields }, newcomer: this.#newcomer(letter) };
    this.#put("fields", letter, edited(before, patch, this.page));
  }

  /** Somebody who was not expected gets the next letter; the service may have to give them another one. */
  addSeat() {
    const letter = LETTERS.find((one) => !this.seats.has(one));
    if (letter) this.#put("seat", letter, edited(null, { role: "other", newcomer: newIdentity() }, this.page));
    return letter ?? null;
  }

  // Of somebody whom this device added, until the service has said which letter they have.
  #newcomer(letter) {
    return (letter && this.keeping.value("seat", letter)?.newcomer) || null;
  }

  finish({ absent, reason }) {
    const before = this.keeping.value("held", "");
    this.#put("held", "", edited(before, { absent, reason: reason ?? "", at: before?.at ?? Date.now() }, this.page));
    this.sender.now();
  }

  /** Small state of the screen that stays on this device, and is never sent. */
  keep(name, value) {
    this.keeping.put("kept", name, received({ value }));
  }

  kept(name) {
    return this.keeping.value("kept", name)?.value ?? null;
  }

  /** Done when all that was written until now has reached the disk. */
  flush() {
    return this.keeping.flush();
  }

  /** Done when all that could be sent now has been. */
  send() {
    return this.sender.now();
  }

  #put(kind, id, value, from) {
    this.keeping.put(kind, id, value);
    this.tell(kind, id, from);
    this.sender.soon(kind);
    this.stand();
  }

  // A note that was refused for want of consent may be taken now.
  #tryRefusedAgain() {
    for (const { id, value } of this.keeping.of("note")) {
      if (value.status === "refused") this.#put("note", id, { ...value, status: "device", message: "" });
    }
  }

  // What the service says -----------------------------------------------------------------------------------------

  /** The state of the service, as new as what was sent before it was asked for. */
  takeState({ notes, gone: _, marks, parts, ...bundle }) {
    this.keeping.put("bundle", "", received({ state: bundle }));
    this.keeping.touch(bundle.wipe_after_days);
    this.bundle = bundle;
    this.#takeSeats();
    this.#takeNotes(new Map(notes.map((note) => [note.id, note])));
    this.#takeProgress("mark", marks, ({ mark, revision }) => received({ mark }, revision));
    this.#takeProgress("part", parts, ({ seconds, revision }) => received({ seconds }, revision));
    this.tell("bundle", "");
    this.stand();
  }

  #takeSeats() {
    const known = new Map(this.bundle.seats.map((seat) => [seat.letter, seat]));
    for (const kind of ["consent", "fields", "seat", "held"]) {
      for (const { id, value } of this.keeping.of(kind)) {
        // What is kept there is in the state by now.
        if (value.status === "sent" && (known.has(id) || kind === "held")) this.keeping.put(kind, id, null);
        this.tell(kind, id);
      }
    }
    this.#showSeats();
    for (const letter of this.seats.keys()) this.tell("seat", letter);
  }

  #takeNotes(there) {
    for (const [id, note] of there) {
      const here = this.keeping.value("note", id);
      if (!here || (here.status === "sent" && note.revision > here.base)) this.#takeNote(id, receivedNote(note));
    }
    for (const { id, value } of this.keeping.of("note")) {
      if (this.#isWithdrawn(value)) this.#dropWithdrawn(id, value);
      else if (value.status === "sent" && !there.has(id)) this.#takeNote(id, null);
    }
  }

  #takeNote(id, value) {
    this.keeping.put("note", id, value);
    this.tell("note", id);
  }

  #takeProgress(kind, there, asValue) {
    for (const [id, stored] of Object.entries(there)) {
      const here = this.keeping.value(kind, id);
      if (here && (waits(here) || stored.revision <= here.base)) continue;
      this.keeping.put(kind, id, asValue(stored));
      this.tell(kind, id);
    }
  }

  /** The answer to one change. */
  takeAnswer({ kind, id: sentAs }, sent, result) {
    const id = this.#placeOf(kind, sentAs, sent, result);
    const value = this.keeping.value(kind, id);
    const outcome = after({ kind, id }, value, sent, result, this.page);
    if (!outcome) return;
    this.keeping.put(kind, id, outcome.value);
    if (outcome.made) this.keeping.putBeside(id, outcome.made);
    if (outcome.gone && (result.withdrawn || this.#isWithdrawn(value))) this.#dropWithdrawn(id, value);
    else if (outcome.gone) this.#tellGone(id, "deleted", outcome.value);
    this.tell(kind, id);
    const lost = result.outcome === "refused" || (result.outcome === "conflict" && !sameContent(kind, value, outcome.value));
    if (kind !== "note" && lost) this.#tell({ kind, id, was: value, message: result.message ?? "" });
  }

  // Where the answered record is by now: who was added here may have another letter than the one it was sent with.
  #placeOf(kind, sentAs, sent, result) {
    if (!LETTERED.has(kind) || !sent.newcomer) return sentAs;
    const here = this.keeping.of("seat").find(({ value }) => value.newcomer === sent.newcomer)?.id ?? sentAs;
    const letter = kind === "seat" && result.outcome === "kept" ? result.current?.letter ?? here : here;
    if (letter !== here) this.#reletter(here, letter, sent.newcomer);
    return letter;
  }

  // Another device gave the letter to somebody else. All that is this person's goes on under the other letter, at once.
  #reletter(from, to, newcomer) {
    const inTheWay = this.#newcomer(to);
    if (inTheWay) this.#reletter(to, LETTERS.find((one) => one !== to && !this.seats.has(one)), inTheWay);
    for (const kind of LETTERED) {
      const value = this.keeping.value(kind, from);
      if (value) this.keeping.put(kind, to, value);
      if (value) this.keeping.put(kind, from, null);
    }
    const theirs = this.keeping.of("note").filter(({ value }) => value.newcomer === newcomer);
    for (const { id, value } of theirs) this.keeping.put("note", id, { ...value, letter: to });
    this.#showSeats(); // first of all, the screen learns who has which letter
    for (const { id } of theirs) this.tell("note", id);
    this.tell("seat", from);
    this.tell("seat", to);
  }

  #tell(detail) {
    this.dispatchEvent(new CustomEvent("told", { detail }));
  }

  // In an individual interview every note goes with the consent; in a group, what stands under the letter.
  #isWithdrawn({ letter, newcomer }) {
    const withdrawn = (seat) => Boolean(seat?.withdrawn);
    if (this.bundle?.interview.form === "idi") return this.bundle.seats.some(withdrawn);
    if (newcomer && waits(this.keeping.value("seat", letter))) return false; // the letter may be somebody else's there
    return withdrawn(this.bundle?.seats.find((seat) => seat.letter === letter));
  }

  #dropWithdrawn(id, value) {
    this.#takeNote(id, null);
    if (onlyHere(value) && value.text) {
      this.#tellGone(id, "withdrawn", { ...value, text: "", message: "Ta osoba cofnęła zgodę. Notatka, która czekała na tym urządzeniu, została usunięta." });
    }
  }

  #tellGone(id, why, { text, question, letter, message }) {
    this.dispatchEvent(new CustomEvent("gone", { detail: { id, why, text, question, letter, message } }));
  }

  // What the screen sees ------------------------------------------------------------------------------------------

  /** Brings the maps up to date and says so. */
  tell(kind, id, from) {
    if (kind === "note") {
      if (from) this.#showNote(from);
      this.#showNote(id);
    } else if (kind === "mark") this.#showOne(this.marks, kind, id, ({ mark }) => ({ mark }));
    else if (kind === "part") this.#showOne(this.parts, kind, id, ({ seconds }) => ({ seconds }));
    else if (kind === "bundle") this.bundle = this.keeping.value(kind, id)?.state ?? this.bundle;
    else if (kind === "held") this.held = this.keeping.value(kind, id);
    if (["consent", "fields", "seat", "bundle"].includes(kind)) this.#showSeats();
    const shown = ["consent", "fields"].includes(kind) ? "seat" : kind;
    this.dispatchEvent(new CustomEvent("change", { detail: { kind: shown, id, from } }));
  }

  #showAll() {
    this.bundle = this.keeping.value("bundle", "")?.state ?? null;
    for (const { kind, id } of [...this.keeping.items.values()]) this.tell(kind, id);
    this.#showSeats();
  }

  #showNote(id) {
    this.#showOne(this.notes, "note", id, (value) => {
      const { question, letter, text, quotation, second, variantOf, status, message } = value;
      return value.deleted ? null : { id, question, letter, text, quotation, second, variantOf, status, message };
    });
  }

  #showOne(map, kind, id, view) {
    const value = this.keeping.value(kind, id);
    const shown = value && view(value);
    if (shown) map.set(id, shown);
    else map.delete(id);
  }

  #showSeats() {
    const seats = new Map((this.bundle?.seats ?? []).map((seat) => [seat.letter, { ...seat, fields: seat.fields ?? {}, message: "" }]));
    for (const { id, value } of this.keeping.of("seat")) {
      const fresh = { letter: id, institution: "", role: "other", role_words: "osoba spoza planu", absent: false, agreed: null, evidence: null, withdrawn: false, fields: {} };
      seats.set(id, { ...fresh, ...(waits(value) ? {} : seats.get(id)), message: value.message });
    }
    for (const { id, value } of this.keeping.of("consent")) {
      const seat = seats.get(id);
      if (seat && value.base >= (seat.revision ?? 0)) Object.assign(seat, { agreed: value.agreed, evidence: value.evidence, message: value.message });
      else if (seat && waits(value)) Object.assign(seat, { agreed: value.agreed, evidence: value.evidence });
    }
    for (const { id, value } of this.keeping.of("fields")) {
      const seat = seats.get(id);
      if (seat) Object.assign(seat, { fields: { ...seat.fields, ...value.fields }, message: value.message || seat.message });
    }
    this.seats = new Map([...seats].sort(([one], [other]) => (one < other ? -1 : 1)));
    this.#tellMoved();
  }

  // Here or in another tab: somebody whom this device added has another letter than before.
  #tellMoved() {
    for (const { id, value } of this.keeping.of("seat")) {
      const was = this.lettered.get(value.newcomer);
      this.lettered.set(value.newcomer, id);
      if (was !== undefined && was !== id) this.#tell({ kind: "seat", id, was, message: "" });
    }
  }

  /** Says how things stand: what waits, what is kept, whether the session lives. */
  stand(news = {}) {
    const waiting = [...this.keeping.items.values()].filter(({ kind, value }) => COUNTED.has(kind) && waits(value));
    const next = {
      ...this.status, ...news,
      waiting: waiting.length, waitingNotes: waiting.filter(({ kind }) => kind === "note").length,
      keptAt: this.keeping.keptAt, vault: this.keeping.state, vaultMessage: this.keeping.message,
    };
    next.message = this.sender.message || next.vaultMessage || (this.bundle ? "" : next.message);
    if (JSON.stringify(next) === JSON.stringify(this.status)) return;
    this.status = next;
    this.dispatchEvent(new Event("status"));
  }

  #wiped() {
    this.sender.stop();
    this.bundle = this.held = null;
    for (const map of [this.notes, this.marks, this.parts, this.seats]) map.clear();
    this.stand({ session: "ended", message: "Wylogowano. Kopii na tym urządzeniu już nie ma." });
    this.dispatchEvent(new Event("wiped"));
  }
}
