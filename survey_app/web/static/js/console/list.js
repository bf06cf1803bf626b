// The list of parts and questions: jump anywhere, see what was asked. Made once; marks are rewritten in place.

import { element, hidden, write } from "./dom.js";
import { MARKS, notesOf } from "./plan.js";

const SHORTCUTS = [
  [["Alt", "↓"], "następne pytanie"],
  [["Alt", "↑"], "poprzednie pytanie"],
  [["Ctrl", "Enter"], "nowa notatka pod tym samym pytaniem"],
  [["B", ":"], "na początku notatki: mówi osoba B"],
  [["Alt", "C"], "dosłowny cytat: tak albo nie"],
  [["Alt", "N"], "do pola notatki"],
  [["Alt", "S"], "do spisu pytań"],
  [["Alt", "P"], "pauza albo dalej"],
];

export class List {
  constructor(node, toggle, console) {
    Object.assign(this, { node, toggle, console });
    this.entries = new Map();
    this.parts = new Map();
    toggle.addEventListener("click", () => this.open(!this.isOpen));
    node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.isOpen) { event.preventDefault(); this.open(false); this.toggle.focus(); }
    });
  }

  get isOpen() { return this.toggle.getAttribute("aria-expanded") === "true"; }

  // On a wide screen the list is always there, and this says nothing.
  open(open) {
    this.toggle.setAttribute("aria-expanded", String(open));
    this.node.classList.toggle("open", open);
  }

  build() {
    const { stops, replica, group } = this.console;
    const sections = replica.bundle.scenario.sections;
    const before = stops.filter((stop) => ["start", "consent"].includes(stop.kind));
    const after = stops.filter((stop) => ["general", "finish"].includes(stop.kind));
    this.node.replaceChildren(
      this.plain(before),
      ...sections.map((section, at) => this.part(section, at + 1, stops.filter((stop) => stop.section === section.id && stop.kind !== "consent" && stop.kind !== "finish"))),
      this.plain(after),
      element("details", { className: "list-part shortcuts" }, element("summary", {}, element("span", {}, "Skróty klawiszowe")), shortcuts(group)));
    this.update();
  }

  plain(stops) { return element("ul", { className: "list-stops" }, stops.map((stop) => this.entry(stop, stop.title))); }

  part(section, number, stops) {
    const count = element("span", { className: "list-count" });
    const details = element("details", { className: "list-part" },
      element("summary", {}, element("span", {}, `${number}. ${section.title}`), " ", count),
      element("ul", { className: "list-stops" }, stops.map((stop) => this.entry(stop, stop.kind === "question" ? stop.title : words(stop)))));
    const questions = stops.filter((stop) => stop.kind === "question").map((stop) => stop.question);
    this.parts.set(section.id, { details, count, questions });
    return details;
  }

  entry(stop, text) {
    const sign = element("span", { className: "list-sign", "aria-hidden": "true" });
    const said = hidden("");
    const go = element("button", { type: "button", className: "list-stop" }, sign, element("span", { className: "list-words" }, text), said);
    go.addEventListener("click", () => { this.open(false); this.console.goTo(stop.id); });
    this.entries.set(stop.id, { go, sign, said, stop });
    return element("li", {}, go);
  }

  update() {
    for (const { sign, said, stop } of this.entries.values()) {
      if (stop.kind !== "question") continue;
      const mark = MARKS[this.console.markOf(stop.question)];
      write(sign, mark?.sign ?? "");
      const versions = notesOf(this.console.replica, stop.question).some(({ variants }) => variants.length);
      write(said, [mark?.words, versions ? "dwie wersje notatki" : ""].filter(Boolean).map((one) => ` (${one.toLowerCase()})`).join(""));
      sign.parentElement.classList.toggle("list-versions", versions);
    }
    for (const { count, questions } of this.parts.values()) {
      const done = questions.filter((id) => this.console.markOf(id)).length;
      write(count, questions.length ? `${done}\u00a0z\u00a0${questions.length}` : "");
    }
  }

  // Opens the part that the talk is in, and closes the one that it left.
  show(stop) {
    for (const { go, stop: one } of this.entries.values()) {
      if (one.id === stop.id) go.setAttribute("aria-current", "step");
      else go.removeAttribute("aria-current");
    }
    for (const [id, { details }] of this.parts) details.open = stop.section === id && !["consent", "finish"].includes(stop.kind);
  }

  focus() {
    this.open(true);
    this.node.querySelector("[aria-current]")?.focus();
  }
}

function words(stop) { return stop.kind === "fields" ? "Pola o osobie" : "Początek"; }

function shortcuts(group) {
  return element("dl", { className: "keys" }, SHORTCUTS.filter(([keys]) => group || keys[0] !== "B").map(([keys, meaning]) =>
    element("div", {}, element("dt", {}, keys.flatMap((key, at) => [at && keys[0] !== "B" ? " + " : "", element("kbd", {}, key)])), element("dd", {}, meaning))));
}
