// Opens the console: the replica first, then the screen over it. The shell itself knows no interview.

import { Clock } from "./clock.js";
import { button, element, notice } from "./dom.js";
import { openReplica } from "./replica.js";
import { Console } from "./screen.js";

const address = location.pathname.replace(/\/$/, "");
const interviewId = Number(/\/wywiady\/(\d+)\/konsola$/.exec(address)?.[1]);

function cannotOpen(status) {
  const before = document.getElementById("przed");
  const again = button("Spróbuj ponownie", "primary", () => location.reload());
  const kinds = {
    ended: () => notice("warning", "trzeba się zalogować", element("p", {}, "Sesja wygasła. To, co czeka na tym urządzeniu, zostaje i zostanie wysłane po zalogowaniu."),
      element("p", {}, element("a", { className: "button button-primary", href: status.loginUrl }, "Zaloguj się"))),
    refused: () => notice("warning", "nie można otworzyć tej rozmowy", element("p", {}, status.message || "Ten wywiad prowadzi ktoś inny albo go nie ma.")),
    alive: () => notice("warning", "tej rozmowy nie ma jeszcze na tym urządzeniu", element("p", {}, "Za pierwszym razem konsola potrzebuje sieci. Potem działa także bez niej."), again),
  };
  before.replaceChildren((kinds[status.session] ?? kinds.alive)());
}

function startClock(replica) {
  const { scenario, interview } = replica.bundle;
  const minutes = Object.fromEntries(scenario.sections.map((section) => [section.id, section.minutes]));
  return new Clock({ replica, minutes, all: interview.minutes });
}

function run(replica) {
  const clock = startClock(replica);
  const screen = new Console({ replica, clock });
  clock.addEventListener("tick", () => screen.time.update());
  clock.addEventListener("away", (event) => screen.away(event.detail.seconds));
  replica.addEventListener("change", (event) => screen.changed(event.detail));
  replica.addEventListener("status", () => screen.status());
  replica.addEventListener("told", (event) => screen.told(event.detail));
  replica.addEventListener("gone", (event) => screen.gone(event.detail));
  replica.addEventListener("wiped", () => location.assign("/logowanie"));
  document.addEventListener("keydown", (event) => screen.key(event));
  const leave = () => { screen.view?.leave?.(); clock.tick(); clock.keep(); replica.flush(); };
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); });
  clock.resume(replica.kept("clock"));
  if (screen.isOver) clock.running = false;
  screen.begin();
}

async function open() {
  const replica = await openReplica({ stateUrl: `${address}/stan`, changesUrl: `${address}/zmiany`, interviewId });
  if (replica.bundle !== null) { run(replica); return; }
  cannotOpen(replica.status);
  // The network came back, or somebody logged in in another tab.
  replica.addEventListener("change", () => { if (replica.bundle !== null) location.reload(); }, { once: true });
  replica.addEventListener("status", () => { if (replica.bundle === null) cannotOpen(replica.status); });
}

open().catch((error) => {
  document.getElementById("przed").replaceChildren(notice("danger", "konsola się nie otworzyła",
    element("p", {}, "Prosimy odświeżyć stronę. Jeśli to nie pomoże, prosimy notować na papierze i powiedzieć administratorowi. To, co zapisano wcześniej, jest na miejscu."),
    button("Odśwież", "primary", () => location.reload())));
  throw error;
});
