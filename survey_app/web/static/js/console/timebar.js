// Minutes left in the part and in all. A whole minute at a time, so that nothing ticks; warnings are words and a colour.

import { counted, plural, write } from "./dom.js";

const PART_SOON_S = 120;
const ALL_SOON_S = 300;

export class TimeBar {
  constructor(console) {
    this.console = console;
    this.box = document.getElementById("czas");
    this.pause = document.getElementById("pauza");
    this.part = document.getElementById("czas-czesci");
    this.all = document.getElementById("czas-calosci");
    this.pause.addEventListener("click", () => this.toggle());
  }

  toggle() {
    const { clock } = this.console;
    if (!clock.started || this.console.isOver) return;
    if (clock.running) clock.pause();
    else clock.start();
    this.console.paused(!clock.running);
    this.update();
  }

  update() {
    const { clock, isOver } = this.console;
    this.box.hidden = !clock.started || isOver;
    if (this.box.hidden) return;
    write(this.pause, clock.running ? "Pauza" : "Wznów");
    this.show(this.part, clock.leftInPart(), PART_SOON_S);
    this.show(this.all, clock.leftInAll(), ALL_SOON_S);
    if (clock.running) this.warn(clock);
  }

  show(node, left, soon) {
    node.hidden = left === null;
    if (left === null) return;
    write(node.querySelector("[data-words]"), leftWords(left));
    const state = left < 0 ? "over" : left <= soon ? "soon" : "calm";
    if (node.dataset.state !== state) node.dataset.state = state;
  }

  // Each is said once, also over a reload.
  warn(clock) {
    const left = clock.leftInPart();
    const inAll = clock.leftInAll();
    if (inAll < 0 && clock.once("all-over")) this.console.say("Czas całej rozmowy minął. Można spokojnie dokończyć.");
    else if (inAll <= ALL_SOON_S && inAll > 0 && clock.once("all-soon")) this.console.say("Do końca całej rozmowy zostało 5 minut.");
    else if (left !== null && left < 0 && clock.once(`over-${clock.section}`)) this.console.say("Czas tej części minął. Można spokojnie dokończyć wątek.");
    else if (left !== null && left <= PART_SOON_S && left > 0 && clock.once(`soon-${clock.section}`)) this.console.say("Do końca tej części zostały 2 minuty.");
  }
}

// "zostało 7 minut", "zostały 2 minuty", "3 minuty po czasie"
export function leftWords(left) {
  if (left < 0) return -left < 60 ? "czas minął" : `${counted(Math.floor(-left / 60), "minuta", "minuty", "minut")} po czasie`;
  if (left < 60) return "niecała minuta";
  const minutes = Math.ceil(left / 60);
  return `${plural(minutes, "została", "zostały", "zostało")} ${counted(minutes, "minuta", "minuty", "minut")}`;
}
