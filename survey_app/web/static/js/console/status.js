// What is saved where, in one line that always has the same place.

import { counted, element, hour, write } from "./dom.js";

const ICONS = { good: "✓", waiting: "…", trouble: "!" };

export class SavedLine {
  constructor(node, replica, say) {
    Object.assign(this, { node, replica, say });
    this.sign = element("span", { className: "saved-sign", "aria-hidden": "true" });
    this.words = element("span");
    this.link = element("a", { className: "row-link", target: "_blank", hidden: true }, "Zaloguj się w nowej karcie");
    node.append(this.sign, " ", this.words, " ", this.link);
  }

  update() {
    const { status } = this.replica;
    const { kind, words } = savedWords(status, this.replica.bundle !== null);
    write(this.sign, ICONS[kind]);
    this.node.dataset.kind = kind;
    write(this.words, words);
    this.link.hidden = status.session !== "ended";
    if (status.loginUrl && this.link.getAttribute("href") !== status.loginUrl) this.link.href = status.loginUrl;
    this.announce(status);
  }

  // A screen reader hears what changed in kind, never each saving.
  announce({ online, session, vault }) {
    const state = `${online} ${session} ${vault}`;
    if (this.state !== undefined && this.state !== state) {
      if (session === "ended") this.say("Sesja wygasła. Nic nie zginęło. Trzeba zalogować się w nowej karcie.");
      else if (vault !== "ok" || session === "refused") this.say(this.words.textContent);
      else this.say(online ? "Jest sieć. Notatki są wysyłane." : "Nie ma sieci. Notatki zapisują się na tym urządzeniu.");
    }
    this.state = state;
  }
}

// `kind`: good | waiting | trouble
export function savedWords(status) {
  const { online, session, vault, waiting, keptAt, sentAt, message } = status;
  const waits = waiting ? `${waitingWords(status)} na wysłanie` : "";
  if (session === "ended") return { kind: "trouble", words: `Sesja wygasła. Nic nie zginęło${waits ? `: ${waits}` : ""}.` };
  if (session === "refused") return { kind: "trouble", words: message || "Serwis nie przyjmuje zmian z tej konsoli." };
  const kept = keptAt ? `Zapisane na tym urządzeniu ${hour(keptAt, true)}` : "";
  if (vault === "ok") {
    if (waiting) return { kind: online ? "waiting" : "trouble", words: `${kept || "Zapisane na tym urządzeniu"}; ${waits}${online ? "" : " (nie ma sieci)"}.` };
    if (!online) return { kind: "waiting", words: "Nie ma sieci. Można pisać: notatki zostają na tym urządzeniu." };
    return { kind: "good", words: kept ? `${kept}; wysłane${sentAt ? ` ${hour(sentAt, true)}` : ""}.` : "Gotowe do pracy, także bez sieci." };
  }
  const why = vault === "full" ? "Na tym urządzeniu zabrakło miejsca" : "Bez kopii na tym urządzeniu";
  if (waiting) return { kind: "trouble", words: `${why}: ${waits}. Prosimy nie zamykać tej karty.` };
  return { kind: "waiting", words: `${why}; wysłane${sentAt ? ` ${hour(sentAt, true)}` : ""}.` };
}

function waitingWords({ waiting, waitingNotes }) {
  if (!waitingNotes) return waiting === 1 ? "1\u00a0zmiana czeka" : countedWait(waiting, "zmiana", "zmiany", "zmian");
  return countedWait(waitingNotes, "notatka", "notatki", "notatek");
}

function countedWait(count, one, few, many) {
  const last = count % 10;
  const several = last >= 2 && last <= 4 && !(count % 100 >= 12 && count % 100 <= 14);
  return `${counted(count, one, few, many)} ${several ? "czekają" : "czeka"}`;
}
