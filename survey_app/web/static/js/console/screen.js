// The console: one stop of the talk at a time, the way to the next one, time and savings above, the list beside.

import { Consent, Start } from "./consent.js";
import { aloud, button, element, hour, notice, paragraphs, span, write } from "./dom.js";
import { Fields } from "./fields.js";
import { Finish } from "./finish.js";
import { List } from "./list.js";
import { Notes } from "./notes.js";
import { MARKS, questionOf, sectionOf, stopsOf, toldWords } from "./plan.js";
import { SavedLine } from "./status.js";
import { TimeBar } from "./timebar.js";

export class Console {
  constructor({ replica, clock }) {
    Object.assign(this, { replica, clock });
    this.group = replica.bundle.interview.form === "fgi";
    this.stops = stopsOf(replica.bundle);
    this.absent = new Set(replica.kept("absent") ?? []);
    this.build();
  }

  // What the views ask of the console -----------------------------------------------------------------------------

  kept(name) { return this.replica.kept(name); }

  keep(name, value) { this.replica.keep(name, value); }

  // The same words again are said again.
  say(words) {
    this.said.textContent = this.said.textContent === words ? `${words}\u00a0` : words;
  }

  markOf(question) { return this.replica.marks.get(question)?.mark ?? ""; }

  // The talk is over once that was said here, also while it waits to be sent.
  get finished() {
    const { held, bundle } = this.replica;
    return bundle.interview.state === "held" || (Boolean(held) && held.status !== "refused");
  }

  get isOver() { return this.finished || this.replica.bundle.interview.state !== "planned"; }

  peopleWarning() {
    const { people_low: low, people_high: high } = this.replica.bundle.interview;
    const people = [...this.replica.seats.keys()].filter((letter) => !this.absent.has(letter)).length;
    if (people >= low && people <= high) return "";
    return `liczba osób: ${people}, a metoda przewiduje ${low === high ? low : `od ${low} do ${high}`}`;
  }

  // The page ------------------------------------------------------------------------------------------------------

  build() {
    const byId = (id) => document.getElementById(id);
    this.said = byId("powiedziane");
    this.notices = byId("powiadomienia");
    this.stage = byId("scena");
    this.list = new List(byId("spis"), byId("spis-przycisk"), this);
    this.saved = new SavedLine(byId("zapis-slowa"), this.replica, (words) => this.say(words));
    this.time = new TimeBar(this);
    this.notes = new Notes({
      replica: this.replica, clock: this.clock, group: this.group, say: (words) => this.say(words), toConsent: () => this.goTo("zgoda"),
    });
    this.head = element("div", { className: "stage-head" });
    this.body = element("div", { className: "stage-body" });
    this.buildActions();
    this.stage.replaceChildren(this.head, this.body, this.notes.editor, this.actions, this.notes.list);
    this.list.build();
    // Before the click takes the focus: was somebody writing?
    document.addEventListener("pointerdown", () => { this.wasWriting = document.activeElement === this.notes.box; }, true);
    byId("zapis").hidden = byId("konsola").hidden = false;
    byId("przed").hidden = true;
  }

  buildActions() {
    this.previous = button("Poprzednie", "quiet", () => this.step(-1));
    this.next = button("Dalej", "primary", () => this.forward());
    this.marks = Object.entries(MARKS).map(([mark, { words }]) =>
      button(words, "secondary", () => this.mark(mark), { "aria-pressed": "false", "data-mark": mark }));
    this.markGroup = element("div", { className: "marks", role: "group", "aria-label": "Co z tym pytaniem" }, this.marks);
    this.actions = element("div", { className: "stage-actions" }, this.next, this.markGroup, this.previous);
  }

  // Where the talk is -----------------------------------------------------------------------------------------------

  get at() { return this.stops.indexOf(this.stop); }

  // Where the talk was before a reload.
  begin() {
    const kept = this.stops.find((stop) => stop.id === this.kept("stop"));
    this.show(kept ?? this.stops[0]);
    if (this.clock.started && !this.clock.running && !this.isOver) this.paused(true);
    this.time.update();
    this.saved.update();
  }

  goTo(id, focus = "auto") {
    const stop = this.stops.find((one) => one.id === id);
    if (stop) this.show(stop, focus);
  }

  step(by, focus = "auto") {
    const stop = this.stops[this.at + by];
    if (stop) this.show(stop, focus);
  }

  // The one clear way on: what was asked is marked as asked.
  forward(focus = "auto") {
    const { stop } = this;
    // Who comes to the consent by the list has begun, too.
    if (stop.kind === "start" || (stop.kind === "consent" && !this.clock.started)) this.startTalk();
    if (this.view?.onward?.()) { this.showNext(); this.focusHeading(); return; }
    if (stop.kind === "question" && !this.markOf(stop.question)) this.replica.setMark(stop.question, "asked");
    this.step(1, focus);
  }

  startTalk() {
    if (this.replica.bundle.interview.state !== "planned") return;
    this.clock.start();
    this.time.update();
  }

  show(stop, focus = "none") {
    this.view?.leave?.();
    this.stop = stop;
    this.keep("stop", stop.id);
    if (this.clock.started) this.clock.enter(stop.section);
    this.view = this.viewOf(stop);
    this.head.replaceChildren(...this.headOf(stop));
    this.body.replaceChildren(...(this.view ? this.view.build() : []));
    const writes = stop.question !== undefined;
    this.notes.editor.hidden = !writes;
    this.notes.list.hidden = !writes;
    if (writes) this.notes.open(stop.question);
    else this.notes.close();
    this.list.show(stop);
    this.refresh();
    this.settleFocus(focus);
  }

  viewOf(stop) {
    switch (stop.kind) {
      case "start": return new Start(this);
      case "consent": return new Consent(this);
      case "fields": return new Fields(this, sectionOf(this.replica.bundle, stop.section));
      case "finish": return new Finish(this);
      default: return null;
    }
  }

  headOf(stop) {
    const { bundle } = this.replica;
    const section = sectionOf(bundle, stop.section);
    const asked = stop.kind === "question" ? questionOf(bundle, stop.question) : null;
    const inPart = section && !["consent", "finish"].includes(stop.kind);
    const opens = inPart && (stop.first || stop.kind !== "question");
    return [
      inPart ? element("p", { className: "kicker" }, this.partWords(section)) : "",
      opens && section.intro ? this.intro(section) : "",
      opens && section.read_aloud ? aloud(section.read_aloud) : "",
      this.heading = element("h2", { id: "pytanie", tabIndex: -1, className: asked ? "question" : "" }, asked ? this.questionWords(asked) : this.titleOf(stop)),
      asked?.help ? element("p", { className: "for-moderator" }, asked.help) : "",
      asked?.probes.length ? element("div", { className: "probes" }, element("p", { className: "aloud-label" }, "Żeby dopytać"), element("ul", {}, asked.probes.map((one) => element("li", {}, one)))) : "",
      stop.kind === "general" ? element("p", { className: "for-moderator" }, "To, co padło poza pytaniami, i uwagi o przebiegu rozmowy.") : "",
    ].filter(Boolean);
  }

  partWords(section) {
    const { sections } = this.replica.bundle.scenario;
    const minutes = section.minutes ? `, ${section.minutes} min` : "";
    return `Część ${sections.indexOf(section) + 1} z ${sections.length}${minutes}: ${section.title}`;
  }

  titleOf(stop) {
    if (stop.kind === "start") return this.replica.bundle.interview.form_words.replace(/^./u, (first) => first.toUpperCase());
    if (stop.kind === "opening") return "Początek części";
    return stop.kind === "fields" ? "Pola o osobie" : stop.title;
  }

  questionWords(asked) {
    return [asked.number ? element("span", { className: "question-number" }, asked.number) : "", " ", asked.text];
  }

  intro(section) {
    return element("details", { className: "disclosure" }, element("summary", {}, "Dla moderatora: o tej części"),
      element("div", {}, paragraphs(section.intro)));
  }

  // What can be pressed now -----------------------------------------------------------------------------------------

  refresh() {
    const question = this.stop.kind === "question" ? this.stop.question : null;
    const mark = question === null ? "" : this.markOf(question);
    this.markGroup.hidden = question === null;
    for (const one of this.marks) one.setAttribute("aria-pressed", String(one.dataset.mark === mark));
    this.previous.hidden = this.at === 0;
    this.showNext();
    this.list.update();
  }

  showNext() {
    const { stop } = this;
    this.next.hidden = stop.kind === "finish" || (stop.kind === "start" && this.view.nextWords === null);
    const unmarked = stop.kind === "question" && !this.markOf(stop.question);
    write(this.next, this.nextWords(unmarked));
  }

  nextWords(unmarked) {
    if (this.stop.kind === "consent") return "Przejdź do rozmowy";
    return this.view?.nextWords ?? (unmarked ? "Zadane, dalej" : "Dalej");
  }

  mark(mark) {
    const { question } = this.stop;
    this.replica.setMark(question, this.markOf(question) === mark ? "" : mark);
    this.refresh();
  }

  // A keyboard goes on writing. On a touch screen the heading takes the focus, unless somebody was writing: the
  // keyboard on the screen would cover the question.
  settleFocus(focus) {
    if (focus === "none") return;
    window.scrollTo(0, 0);
    const writes = this.stop.question !== undefined && !this.notes.writing.hidden;
    const fine = matchMedia("(pointer: fine)").matches;
    if (writes && (focus === "write" || fine || this.wasWriting)) this.notes.focus();
    else this.focusHeading();
  }

  focusHeading() { this.heading.focus(); }

  // What happens meanwhile ------------------------------------------------------------------------------------------

  changed(detail) {
    this.notes.changed(detail);
    if (this.view?.update && detail.kind !== "part" && detail.kind !== "kept") this.view.update(detail);
    if (["mark", "seat", "bundle"].includes(detail.kind)) this.refresh();
    if (detail.kind === "held" || detail.kind === "bundle") this.time.update();
  }

  status() {
    this.saved.update();
    this.view?.status?.();
  }

  paused(paused) {
    this.notices.querySelector("[data-pause]")?.remove();
    if (!paused) { this.say("Rozmowa trwa dalej."); return; }
    const made = notice("info", `pauza od ${hour(Date.now())}`, element("p", {}, "Czas nie biegnie. Notatki można pisać."),
      button("Wznów rozmowę", "secondary", () => { this.time.toggle(); this.settleFocus("auto"); }));
    made.dataset.pause = "";
    this.notices.append(made);
    this.say("Pauza. Czas nie biegnie.");
  }

  // The tablet slept, or the page was closed for a while.
  away(seconds) {
    this.tellOnce("away", notice("info", `konsola była nieczynna ${span(seconds)}`,
      element("p", {}, "Ten czas doliczyliśmy do rozmowy. Notatki są na swoim miejscu.")));
  }

  // The service does not take a text back: nothing of it is lost without a word.
  gone({ id, why, text, message }) {
    if (why === "withdrawn") {
      this.tellOnce("withdrawn", notice("warning", "zgoda cofnięta", element("p", {}, message || "Ta osoba cofnęła zgodę. Jej notatki zniknęły także z tego urządzenia.")));
      return;
    }
    const made = this.tellOnce(`gone-${id}`, notice("warning", "ktoś usunął tę notatkę", element("p", {}, message || "Na tym urządzeniu są w niej zmiany, których serwis nie przyjął."),
      element("p", { className: "kept-lines" }, text)));
    const close = (act) => () => { act(); made.remove(); this.notes.focus(); };
    made.querySelector(".notice-body").append(element("div", { className: "chips" },
      button("Zapisz jako nową notatkę", "secondary", close(() => this.replica.revive(id))),
      button("Niech zostanie usunięta", "quiet", close(() => this.replica.removeNote(id)))));
  }

  // What was answered here does not stand: nothing is overwritten without a word.
  told({ kind, id, was, message }) {
    if (kind === "seat" && typeof was === "string") this.movePerson(was, id);
    const { title, words } = toldWords(this.replica, { kind, id, was, message });
    this.tellOnce(`told-${kind}-${id}`, notice("warning", title, element("p", {}, words)));
    this.refresh();
  }

  movePerson(from, to) {
    const at = this.kept("consent-at") ?? {};
    const moved = Object.fromEntries(Object.entries(at).map(([name, when]) => [name.startsWith(`${from}-`) ? to + name.slice(1) : name, when]));
    this.keep("consent-at", moved);
    if (this.absent.delete(from)) this.absent.add(to);
    this.keep("absent", [...this.absent]);
    this.notes.movePerson(from, to);
    this.view?.movePerson?.(from, to);
    if (["consent", "fields"].includes(this.stop.kind)) this.show(this.stop);
  }

  tellOnce(name, made) {
    this.notices.querySelector(`[data-name="${name}"]`)?.remove();
    made.dataset.name = name;
    const close = ["away", "withdrawn"].includes(name) || name.startsWith("told-") ? button("Zamknij", "quiet", () => { made.remove(); this.focusHeading(); }) : null;
    if (close) made.querySelector(".notice-body").append(close);
    this.notices.append(made);
    this.say(made.querySelector(".notice-title").textContent);
    return made;
  }

  end() {
    this.clock.pause();
    this.notices.querySelector("[data-pause]")?.remove();
    this.time.update();
    this.say("Rozmowa zakończona.");
  }

  // Keys -------------------------------------------------------------------------------------------------------------

  // By `key`, never by place: AltGr with a letter writes ą or ć on a Polish keyboard.
  key(event) {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.getModifierState("AltGraph")) return;
    const act = {
      ArrowDown: () => this.forward("write"), ArrowUp: () => this.step(-1, "write"),
      c: () => this.stop.question !== undefined && this.notes.toggleQuotation(),
      n: () => this.notes.focus(), s: () => this.list.focus(), p: () => this.time.toggle(),
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    if (!event.repeat) act();
  }
}

