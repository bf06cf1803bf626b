// The end: what was asked, what was written, who did not come; then the talk is over.

import { button, counted, element, notice, write } from "./dom.js";
import { GENERAL, MARKS, notesOf, questionOf, seatWords } from "./plan.js";

export class Finish {
  constructor(console) { Object.assign(this, { console, replica: console.replica }); }

  build() {
    this.part = element("div", {});
    this.show();
    return [this.part];
  }

  show() {
    const over = this.wasOver = this.console.finished;
    this.refused = this.replica.held?.status === "refused" ? this.replica.held.message : "";
    this.part.replaceChildren(...[
      over ? this.isOver() : "", this.refused ? notice("danger", "serwis nie przyjął zakończenia", element("p", {}, this.refused)) : "", this.conflicts(), this.progress(), this.reading(), over ? "" : this.ending(),
    ].filter(Boolean));
  }

  // Drawn again when the talk is over, or the service refuses that; a reason that is being typed stays.
  update({ kind }) {
    if (!this.part || !["held", "bundle"].includes(kind)) return;
    const refused = this.replica.held?.status === "refused" ? this.replica.held.message : "";
    if (this.console.finished !== this.wasOver || refused !== this.refused) this.show();
  }

  isOver() {
    const { addresses } = this.replica.bundle;
    this.sent = element("p", {});
    this.status();
    return notice("success", "rozmowa zakończona", this.sent,
      element("p", {}, element("a", { className: "button button-primary", href: addresses.notes }, "Przeczytaj i zamknij notatki")));
  }

  status() {
    if (!this.sent) return;
    write(this.sent, this.replica.status.waiting
      ? "Część zmian czeka jeszcze na wysłanie. Prosimy się nie wylogowywać, zanim konsola nie napisze, że wszystko jest wysłane."
      : "Notatki są wysłane. Teraz warto je spokojnie przeczytać i zamknąć jako wersję.");
  }

  get asked() { return this.console.stops.filter((stop) => stop.kind === "question"); }

  // Notes of which two versions wait.
  conflicts() {
    const waiting = this.console.stops.filter((stop) => stop.question !== undefined && stop.kind !== "opening"
      && notesOf(this.replica, stop.question).some(({ variants }) => variants.length));
    if (!waiting.length) return "";
    return notice("warning", "są notatki w dwóch wersjach",
      element("p", {}, "Przed zamknięciem notatek trzeba wybrać, którą wersję zostawić."),
      element("div", { className: "chips" }, waiting.map((stop) => this.jump(stop))));
  }

  jump(stop) {
    const number = questionOf(this.replica.bundle, stop.question)?.number;
    return button(number ? `Pytanie ${number}` : stop.title, "secondary", () => this.console.goTo(stop.id));
  }

  progress() {
    const count = (mark) => this.asked.filter((stop) => this.console.markOf(stop.question) === mark).length;
    const open = this.asked.filter((stop) => !this.console.markOf(stop.question));
    const words = Object.entries(MARKS).map(([mark, { words: name }]) => [name, count(mark)]).filter(([, many]) => many);
    return element("section", { "aria-labelledby": "koniec-pytania" },
      element("h3", { id: "koniec-pytania" }, "Pytania"),
      element("p", {}, `${counted(this.asked.length, "pytanie", "pytania", "pytań")}: ${[...words, ["bez zaznaczenia", open.length]].map(([name, many]) => `${name.toLowerCase()} ${many}`).join(", ")}.`),
      open.length ? element("div", { className: "chips" }, open.map((stop) => this.jump(stop))) : "");
  }

  reading() {
    const stops = [...this.asked, this.console.stops.find((stop) => stop.kind === "general")];
    const found = stops.map((stop) => [stop, notesOf(this.replica, stop.question)]).filter(([, notes]) => notes.length);
    return element("section", { "aria-labelledby": "koniec-notatki" },
      element("h3", { id: "koniec-notatki" }, "Notatki do przeczytania"),
      found.length ? found.map(([stop, notes]) => this.notesOfStop(stop, notes)) : element("p", {}, "Nie ma żadnych notatek."));
  }

  notesOfStop(stop, notes) {
    return element("div", { className: "read-over" },
      element("h4", {}, stop.question === GENERAL ? "Poza pytaniami" : stop.title),
      element("ul", { className: "plain-list" }, notes.map(({ note }) => element("li", {},
        element("span", { className: "note-letter" }, note.letter ?? "–"), " ",
        element("span", { className: note.quotation ? "kept-lines note-quoted" : "kept-lines" }, note.quotation ? `„${note.text}”` : note.text)))),
      button("Popraw", "quiet", () => this.console.goTo(stop.id), { "aria-label": `Popraw notatki: ${stop.title}` }));
  }

  // Ending ------------------------------------------------------------------------------------------------------

  ending() {
    if (this.replica.bundle.interview.state !== "planned") return "";
    this.nobody = element("p", { className: "error", hidden: true, role: "alert" }, "Błąd: nie ma nikogo, kto przyszedł. Wywiad, który się nie odbył, odwołuje się w planie.");
    this.absent = element("div", { className: "options" }, this.mayBeAbsent().map((seat) => this.absentBox(seat)));
    this.reason = element("textarea", { className: "input", id: "powod", rows: 2, autocomplete: "off", value: this.console.kept("reason") || this.replica.bundle.interview.departure_reason || "", "aria-describedby": "powod-error" });
    this.reason.addEventListener("input", () => this.console.keep("reason", this.reason.value));
    this.error = element("p", { className: "error", id: "powod-error", hidden: true });
    this.reasonPart = element("div", { className: "part" },
      element("label", { className: "label", for: "powod" }, "Powód odstępstwa od metody"),
      this.reasonHint = element("p", { className: "hint" }), this.error, this.reason);
    const boxes = this.mayBeAbsent().length
      ? element("fieldset", { className: "part" }, element("legend", { className: "label" }, "Kto nie przyszedł"), this.nobody, this.absent) : "";
    this.askReason();
    return element("section", { className: "ending", "aria-labelledby": "koniec-koniec" },
      element("h3", { id: "koniec-koniec" }, "Koniec rozmowy"), boxes, this.reasonPart,
      element("p", { className: "hint" }, "Potem można jeszcze poprawiać notatki. Czas przestanie biec."),
      button("Zakończ rozmowę", "primary", () => this.end()));
  }

  // Who agreed was there.
  mayBeAbsent() { return [...this.replica.seats.values()].filter((seat) => seat.agreed !== true && !seat.withdrawn); }

  absentBox(seat) {
    const id = `brak-${seat.letter}`;
    const box = element("input", { type: "checkbox", id, checked: this.console.absent.has(seat.letter) });
    box.addEventListener("change", () => {
      this.console.absent[box.checked ? "add" : "delete"](seat.letter);
      this.console.keep("absent", [...this.console.absent]);
      this.askReason();
    });
    return element("div", { className: "option" }, box, element("label", { for: id }, seatWords(seat)));
  }

  askReason() {
    const warning = this.console.peopleWarning();
    this.reasonPart.hidden = !warning;
    write(this.reasonHint, warning ? `${warning}. Krótko: dlaczego?` : "");
  }

  end() {
    const absent = this.mayBeAbsent().map((seat) => seat.letter).filter((letter) => this.console.absent.has(letter));
    const needed = !this.reasonPart.hidden;
    this.nobody.hidden = absent.length < this.replica.seats.size;
    if (!this.nobody.hidden) { this.absent.querySelector("input").focus(); return; }
    if (needed && !this.reason.value.trim()) {
      write(this.error, "Błąd: prosimy wpisać powód.");
      this.error.hidden = false;
      this.reason.setAttribute("aria-invalid", "true");
      this.reason.focus();
      return;
    }
    this.replica.finish({ absent, reason: needed ? this.reason.value.trim() : "" });
    this.console.end();
    this.show();
    this.part.querySelector("a.button")?.focus();
  }
}
