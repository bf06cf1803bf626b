// Notes under one question: a box to write in that never moves, and below it what is written already.
// Each keystroke goes to the replica; the page itself is left alone while somebody types.

import { button, counted, element, hidden, write } from "./dom.js";
import { mayNote, notesOf, seatWords } from "./plan.js";

const NOBODY = "";
// "B: ..." at the beginning says who speaks.
const SPEAKER = /^\s*([a-z]):(?=.)\s*/isu;
const BREATH_MS = 250;

export class Notes {
  constructor({ replica, clock, group, say, toConsent }) {
    Object.assign(this, { replica, clock, group, say, toConsent });
    this.question = this.refusedLetter = null;
    this.draft = this.fresh();
    this.rows = new Map();
    this.build();
  }

  fresh(letter = this.group ? null : "A") { return { id: null, letter, quotation: false, second: null, revising: false }; }

  // The parts ----------------------------------------------------------------------------------------------

  build() {
    this.speakers = element("div", { className: "speakers" });
    this.speakerWords = element("p", { className: "speaker-words", hidden: !this.group });
    this.box = element("textarea", { className: "input note-box", id: "notatka", autocomplete: "off", spellcheck: false, "aria-describedby": "pytanie" });
    this.quotation = element("input", { type: "checkbox", id: "cytat" });
    this.finish = button("Nowa notatka", "secondary", () => this.another(), { title: "Ctrl + Enter" });
    this.drop = button("Usuń", "quiet", () => this.remove());
    this.label = element("label", { className: "label", for: "notatka" }, "Notatka");
    this.foot = element("div", { className: "note-foot" },
      element("div", { className: "option note-quotation" }, this.quotation, element("label", { for: "cytat" }, "Dosłowny cytat")),
      this.finish, this.drop);
    this.writing = element("div", { className: "note-writing" },
      element("fieldset", { className: "part speakers-part" }, element("legend", { className: "label" }, "Kto mówi"), this.speakers, this.speakerWords),
      this.label, this.box, this.foot);
    this.refusal = element("div", { className: "note-refusal" },
      element("p", {}, "Bez zgody nie robimy notatek. Najpierw trzeba zapisać zgodę co najmniej jednej osoby."),
      button("Przejdź do zgody", "secondary", () => this.toConsent()));
    this.editor = element("section", { className: "note-editor", "aria-label": "Pisanie notatki" }, this.refusal, this.writing);
    this.heading = element("h3", { id: "zapisane-notatki" });
    this.items = element("ol", { className: "note-list" });
    this.list = element("section", { className: "notes-written", "aria-labelledby": "zapisane-notatki" }, this.heading, this.items);
    this.box.addEventListener("input", () => this.typed());
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.quotation.addEventListener("change", () => this.quoted());
    this.speakers.addEventListener("change", (event) => this.speak(event.target.value || null));
  }

  key(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    this.another();
  }

  // Which question --------------------------------------------------------------------------------------------

  open(question) {
    if (question !== this.question) {
      this.leave();
      this.question = question;
      this.load(null);
      this.rows.clear();
      this.items.replaceChildren();
    }
    this.offer();
    this.show();
  }

  // No question is shown: what was being written is finished.
  close() {
    this.leave();
    this.question = null;
    this.load(null);
    this.rows.clear();
    this.items.replaceChildren();
  }

  // An empty note is none.
  leave() {
    const { id } = this.draft;
    if (id !== null && this.replica.notes.has(id) && !this.box.value.trim()) this.replica.removeNote(id);
  }

  // The letters that agreed; drawn again only when they change.
  offer() {
    const letters = mayNote(this.replica);
    this.refusal.hidden = letters.length > 0;
    this.writing.hidden = letters.length === 0;
    if (this.draft.letter !== null && !letters.includes(this.draft.letter)) this.draft.letter = null;
    const key = letters.join("");
    if (key !== this.offered) {
      this.offered = key;
      this.speakers.replaceChildren(...[...letters, NOBODY].map((letter) => this.choice(letter)));
    }
    this.showSpeaker();
  }

  choice(letter) {
    const id = `mowi-${letter || "nikt"}`;
    const words = letter ? this.seatWords(letter) : this.nobodyWords();
    return element("div", { className: "speaker" },
      element("input", { type: "radio", name: "mowi", id, value: letter }),
      element("label", { for: id, title: words }, this.shortWords(letter), letter ? hidden(words.slice(1)) : ""));
  }

  shortWords(letter) {
    if (this.group) return letter || "bez litery";
    return letter ? `${letter}, rozmówca` : "moderator";
  }

  seatWords(letter) {
    const seat = this.replica.seats.get(letter);
    return seat ? seatWords(seat) : letter;
  }

  nobodyWords() { return this.group ? "Bez litery: słowa moderatora albo całej grupy" : "Bez litery: uwaga moderatora"; }

  showSpeaker() {
    const chosen = this.draft.letter ?? NOBODY;
    for (const radio of this.speakers.querySelectorAll("input")) radio.checked = radio.value === chosen;
    if (!this.refusedLetter) write(this.speakerWords, chosen ? this.seatWords(chosen) : this.nobodyWords());
  }

  // Writing -----------------------------------------------------------------------------------------------------

  typed() {
    if (this.group && !this.takeSpeaker()) return;
    this.write();
  }

  // Only in a note that was just begun: later on "A:" may be a part of what somebody said. False: the person did not
  // agree, so that nothing may be kept.
  takeSpeaker() {
    const found = this.draft.revising ? null : SPEAKER.exec(this.box.value);
    const letter = found?.[1].toUpperCase();
    const refused = letter !== undefined && this.replica.seats.has(letter) && !mayNote(this.replica).includes(letter);
    this.refuse(refused ? letter : null);
    if (refused || !found || !this.replica.seats.has(letter)) return !refused;
    const caret = Math.max(0, this.box.selectionStart - found[0].length);
    this.box.value = this.box.value.slice(found[0].length);
    this.box.setSelectionRange(caret, caret);
    this.draft.letter = letter;
    this.showSpeaker();
    this.say(`Mówi ${letter}.`);
    return true;
  }

  refuse(letter) {
    if (letter === this.refusedLetter) return;
    this.refusedLetter = letter;
    this.speakerWords.classList.toggle("error", letter !== null);
    if (letter === null) { this.showSpeaker(); this.box.removeAttribute("aria-invalid"); return; }
    const begun = this.draft.id;
    this.draft.id = null;
    if (begun !== null) this.replica.removeNote(begun);
    this.box.setAttribute("aria-invalid", "true");
    write(this.speakerWords, `Nie zapisujemy: osoba ${letter} nie wyraziła zgody.`);
    this.say(this.speakerWords.textContent);
  }

  write() {
    const { draft, box } = this;
    if (draft.id === null && !box.value.trim()) return;
    draft.second ??= this.clock.second();
    const { letter, quotation, second } = draft;
    this.own = true;
    try {
      draft.id = this.replica.writeNote(draft.id, { question: this.question, letter, text: box.value, quotation, second, was: draft.was });
      draft.was = box.value;
    } catch {
      this.offer(); // consent went while somebody was writing
    } finally {
      this.own = false;
    }
    if (this.drop.hidden) this.drop.hidden = false;
  }

  // Who spoke under one letter has another one: what is being typed stays theirs.
  movePerson(from, to) {
    if (this.draft.letter === from) this.draft.letter = to;
    this.offered = null; // drawn again
    this.offer();
  }

  speak(letter) {
    this.draft.letter = letter;
    this.showSpeaker();
    if (this.draft.id !== null) this.write();
  }

  quoted() {
    this.draft.quotation = this.quotation.checked;
    if (this.draft.id !== null) this.write();
  }

  toggleQuotation() {
    this.quotation.checked = !this.quotation.checked;
    this.quoted();
    this.say(this.quotation.checked ? "Dosłowny cytat." : "Nie cytat.");
  }

  // The next note; in a talk of two by the same person, in a group one has to say who.
  another() {
    const before = this.draft;
    this.leave();
    this.load(null, this.group && !before.revising ? before.letter : undefined);
    this.show();
    this.focus();
  }

  // Puts a note into the box, or nothing for a new one.
  load(id, letter) {
    const note = id === null ? null : this.replica.notes.get(id);
    this.draft = note
      ? { id, letter: note.letter, quotation: note.quotation, second: note.second, revising: true }
      : this.fresh(letter);
    this.box.value = this.draft.was = note?.text ?? "";
    this.quotation.checked = this.draft.quotation;
    this.refuse(null);
    write(this.label, note ? "Poprawiana notatka" : "Notatka");
    write(this.finish, note ? "Gotowe" : "Nowa notatka");
    this.drop.hidden = note === null;
    this.offered === undefined || this.showSpeaker();
  }

  revise(id) {
    this.leave();
    this.load(id);
    this.show();
    this.focus();
  }

  remove() {
    const { id, letter, quotation, second } = this.draft;
    const text = this.box.value;
    if (id !== null) this.replica.removeNote(id);
    this.load(null);
    this.show();
    this.focus();
    if (text.trim()) this.offerBack({ letter, quotation, second, text, question: this.question });
  }

  offerBack({ question, ...note }) {
    const line = element("li", { className: "note-removed" }, "Usunięto notatkę. ",
      button("Cofnij", "secondary", () => {
        line.remove();
        this.replica.writeNote(null, { question, ...note });
        this.show();
        this.focus();
      }));
    this.items.prepend(line);
    this.say("Usunięto notatkę. Można to cofnąć.");
  }

  focus() { if (!this.writing.hidden) this.box.focus(); }

  // What changed elsewhere ------------------------------------------------------------------------------------

  changed({ kind, id, from }) {
    if (this.question === null) return;
    if (kind === "seat" || kind === "bundle") this.offer();
    if (from !== undefined && from === this.draft.id) this.draft.id = id;
    else if (!this.own) this.follow();
    this.pending ??= setTimeout(() => { this.pending = undefined; this.show(); }, BREATH_MS);
  }

  // Another tab or the service may have changed the note in the box, or taken it away.
  follow() {
    const { draft, box } = this;
    if (draft.id === null) return;
    const note = this.replica.notes.get(draft.id);
    if (!note || note.status === "gone") { this.load(null); return; }
    if (note.text === box.value && note.letter === draft.letter && note.quotation === draft.quotation) return;
    const caret = box.selectionStart;
    box.value = draft.was = note.text;
    if (document.activeElement === box) box.setSelectionRange(caret, caret);
    Object.assign(draft, { letter: note.letter, quotation: note.quotation });
    this.quotation.checked = note.quotation;
    this.showSpeaker();
  }

  // The list: the newest on top, so that nothing pushes the box; a row is made once and then only rewritten.
  show() {
    if (this.question === null) return;
    const found = notesOf(this.replica, this.question).reverse()
      .filter(({ note, variants }) => note.id !== this.draft.id || variants.length);
    const seen = new Set(found.map(({ note }) => note.id));
    for (const [id, row] of this.rows) {
      if (!seen.has(id)) { row.node.remove(); this.rows.delete(id); }
    }
    found.forEach((entry, at) => this.showRow(entry, at));
    write(this.heading, found.length ? `Zapisane pod tym pytaniem: ${counted(found.length, "notatka", "notatki", "notatek")}` : "");
    this.list.hidden = !found.length && !this.items.firstChild;
    this.heading.hidden = !found.length;
  }

  showRow({ note, variants }, at) {
    let row = this.rows.get(note.id);
    const kind = variants.length ? `variants:${variants.map((one) => one.id)}` : "plain";
    if (row?.kind !== kind) {
      const made = variants.length ? this.choiceRow(note, variants) : this.row(note);
      row?.node.replaceWith(made.node);
      row = { ...made, kind };
      this.rows.set(note.id, row);
    }
    row.update();
    const place = at + this.items.querySelectorAll(".note-removed").length;
    if (this.items.children[place] !== row.node) this.items.insertBefore(row.node, this.items.children[place] ?? null);
  }

  row(note) {
    const face = this.face(note.id);
    const change = button("Popraw", "quiet", () => this.revise(note.id));
    const words = element("span", { className: "hidden" });
    change.append(words);
    const node = element("li", { className: "note" }, face.node, change);
    const update = () => { face.update(); write(words, ` notatkę: ${this.replica.notes.get(note.id)?.text.slice(0, 40) ?? ""}`); };
    return { node, update };
  }

  // Letter, minute, quotation, text, and what the service said about it.
  face(id) {
    const letter = element("span", { className: "note-letter" });
    const facts = element("span", { className: "note-facts" });
    const text = element("p", { className: "note-text" });
    const trouble = element("p", { className: "error" });
    const node = element("div", { className: "note-face" }, element("p", { className: "note-head" }, letter, " ", facts), text, trouble);
    const update = () => {
      const note = this.replica.notes.get(id);
      if (!note) return;
      write(letter, note.letter ?? "–");
      write(facts, factsOf(note));
      write(text, note.text);
      node.classList.toggle("note-quoted", note.quotation);
      write(trouble, note.status === "refused" ? `Serwis nie przyjął notatki: ${note.message ?? ""}` : "");
      trouble.hidden = note.status !== "refused";
    };
    return { node, update };
  }

  // Two versions side by side until a person chooses.
  choiceRow(note, variants) {
    const first = this.face(note.id);
    const faces = variants.map((one) => this.face(one.id));
    const chosen = (id, keep) => () => { this.replica.settle(id, keep); this.load(null); this.show(); this.focus(); };
    const [variant] = variants;
    const node = element("li", { className: "note-versions" },
      element("p", { className: "note-versions-title" }, "Dwie wersje tej notatki. Którą zostawić?"),
      element("div", { className: "versions" },
        element("div", { className: "version" }, element("h4", {}, "Pierwsza wersja"), first.node,
          button("Zostaw pierwszą", "secondary", chosen(variant.id, "theirs"))),
        element("div", { className: "version" }, element("h4", {}, "Druga wersja"), faces[0].node,
          button("Zostaw drugą", "secondary", chosen(variant.id, "mine")))),
      button("Zostaw obie jako osobne notatki", "quiet", chosen(variant.id, "both")),
      variants.length > 1 ? element("p", { className: "hint" }, `Czeka jeszcze ${counted(variants.length - 1, "wersja", "wersje", "wersji")} tej notatki.`) : "");
    return { node, update: () => { first.update(); faces.forEach((face) => face.update()); } };
  }
}

function factsOf(note) {
  const minute = `${Math.floor(note.second / 60) + 1}. minuta`;
  return [note.letter ? "" : "bez litery", minute, note.quotation ? "dosłowny cytat" : "", note.status === "device" ? "czeka na wysłanie" : ""]
    .filter(Boolean).join(" · ");
}
