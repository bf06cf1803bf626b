// What a person says of themselves: each field may be left out, nobody presses for an answer.

import { button, element, notice, write } from "./dom.js";
import { mayNote, seatWords } from "./plan.js";

const PAUSE_MS = 400;

export class Fields {
  constructor(console, section) {
    Object.assign(this, { console, section, replica: console.replica });
    this.letter = mayNote(this.replica)[0] ?? null;
    this.typed = new Map();
  }

  build() {
    this.part = element("div", {});
    this.show();
    return [this.part];
  }

  show() {
    const letters = mayNote(this.replica);
    this.offered = letters.join("");
    if (!letters.includes(this.letter)) this.letter = letters[0] ?? null;
    if (this.letter === null) {
      this.part.replaceChildren(notice("info", "nie ma jeszcze zgody", element("p", {}, "Pola o osobie wypełnia się po jej zgodzie."),
        button("Przejdź do zgody", "secondary", () => this.console.goTo("zgoda"))));
      return;
    }
    const seat = this.replica.seats.get(this.letter);
    this.part.replaceChildren(
      letters.length > 1 ? this.picker(letters) : "",
      element("p", { className: "speaker-words" }, seatWords(seat)),
      element("p", { className: "for-moderator" }, "Każde pole jest dobrowolne. Pustego nie trzeba niczym zastępować."),
      ...this.section.questions.map((question) => this.field(question, seat.fields?.[question.id] ?? "")));
  }

  picker(letters) {
    const radios = letters.map((letter) => {
      const id = `osoba-${letter}`;
      return element("div", { className: "speaker" },
        element("input", { type: "radio", name: "osoba", id, value: letter, checked: letter === this.letter }),
        element("label", { for: id }, letter));
    });
    const set = element("fieldset", { className: "part speakers-part" }, element("legend", { className: "label" }, "Osoba"),
      element("div", { className: "speakers" }, radios));
    set.addEventListener("change", (event) => { this.choose(event.target.value); document.getElementById(`osoba-${this.letter}`).focus(); });
    return set;
  }

  choose(letter) {
    this.flush();
    this.letter = letter;
    this.show();
  }

  field(question, value) {
    const id = `pole-${question.id}`;
    return question.options?.length ? this.choices(question, id, value) : this.line(question, id, value);
  }

  choices(question, id, value) {
    const options = question.options.map((option) => {
      const input = element("input", { type: "radio", name: id, id: `${id}-${option.id}`, value: option.id, checked: option.id === value });
      return element("div", { className: "option" }, input, element("label", { for: input.id }, option.label));
    });
    const set = element("fieldset", { className: "part" }, element("legend", { className: "label" }, question.text),
      element("div", { className: "options options-inline" }, options));
    set.addEventListener("change", (event) => this.put(question.id, event.target.value));
    return set;
  }

  line(question, id, value) {
    const number = question.type === "number";
    const error = element("p", { className: "error", id: `${id}-error`, hidden: true });
    const input = element("input", {
      className: `input${number ? " input-short" : ""}`, id, value, type: "text", autocomplete: "off", spellcheck: false,
      "aria-describedby": `${id}-hint ${id}-error`, ...(number && { inputMode: "numeric" }),
    });
    input.addEventListener("input", () => this.check(question, input, error));
    return element("div", { className: "part" }, element("label", { className: "label", for: id }, question.text),
      question.help ? element("p", { className: "hint", id: `${id}-hint` }, question.help) : "", error, input);
  }

  // What cannot be kept stays in the field, with the reason; it is not sent.
  check(question, input, error) {
    const fault = faultOf(question, input.value.trim());
    write(error, fault ? `Błąd: ${fault}` : "");
    error.hidden = !fault;
    if (fault) input.setAttribute("aria-invalid", "true");
    else { input.removeAttribute("aria-invalid"); this.put(question.id, input.value); }
  }

  put(question, value) {
    this.typed.set(question, value);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PAUSE_MS);
  }

  flush() {
    clearTimeout(this.timer);
    if (!this.typed.size) return;
    this.replica.setFields(this.letter, Object.fromEntries(this.typed));
    this.typed.clear();
  }

  // Fields are drawn again only when somebody may speak who could not before, or the other way round.
  update() {
    if (this.part && mayNote(this.replica).join("") !== this.offered) { this.flush(); this.show(); }
  }

  leave() { this.flush(); }

  movePerson(from, to) {
    if (this.letter === from) this.letter = to;
  }

  // In a group the way on leads to the next person first.
  get nextWords() { return this.following ? `Dalej: osoba ${this.following}` : "Dalej"; }

  get following() {
    const letters = mayNote(this.replica);
    return letters[letters.indexOf(this.letter) + 1] ?? null;
  }

  onward() {
    const { following } = this;
    if (following === null) return false;
    this.choose(following);
    return true;
  }
}

function faultOf(question, text) {
  if (!text) return "";
  if (question.type === "number") {
    const low = question.minimum ?? 0;
    const high = question.maximum ?? 999;
    return /^\d{1,9}$/.test(text) && Number(text) >= low && Number(text) <= high ? "" : `prosimy wpisać liczbę całkowitą od ${low} do ${high}.`;
  }
  const most = question.max_length;
  return most && [...text].length > most ? `najwyżej ${most} znaków.` : "";
}
