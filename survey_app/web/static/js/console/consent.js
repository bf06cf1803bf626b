// Before the talk and its consent: what is read out, and each person's answer, recorded at once with its time.

import { aloud, button, counted, element, hidden, hour, notice, paragraphs, write } from "./dom.js";
import { seatWords } from "./plan.js";

// "Before the talk": where and with whom, and that the console will work without the network.
export class Start {
  constructor(console) { this.console = console; }

  build() {
    const { interview, scenario } = this.console.replica.bundle;
    const { replica } = this.console;
    const facts = [
      ["Kiedy", interview.when], ["Gdzie", interview.place],
      ["Instytucje", interview.institutions.join("; ")],
      ["Osoby", [...replica.seats.values()].map(seatWords).join("; ")],
      ["Projekt", interview.project_title], ["Scenariusz", `${scenario.title}, ${counted(scenario.minutes, "minuta", "minuty", "minut")}`],
    ].filter(([, value]) => value);
    return [
      ...this.warnings(interview),
      element("dl", { className: "definitions" }, facts.map(([term, value]) => element("div", {}, element("dt", {}, term), element("dd", {}, value)))),
      interview.video_link ? element("p", {}, element("a", { className: "row-link", href: interview.video_link, rel: "noopener noreferrer", target: "_blank" }, "Otwórz rozmowę wideo w nowej karcie")) : "",
      scenario.address_note ? element("p", {}, scenario.address_note) : "",
      this.keeping(),
    ].filter(Boolean);
  }

  warnings(interview) {
    const found = [];
    if (interview.state === "cancelled") found.push(notice("warning", "ten wywiad jest odwołany", element("p", {}, "Notatek nie można zapisywać. Do planu przywraca go koordynator.")));
    if (interview.state === "held") found.push(notice("info", "rozmowa już się odbyła", element("p", {}, "Czas nie biegnie. Notatki można jeszcze poprawić.")));
    if (interview.locked) found.push(notice("info", "notatki są zamknięte", element("p", {}, "To, co się teraz zmieni, będzie zmianą po zamkniętej wersji.")));
    if (interview.told.length) found.push(notice("warning", "odstępstwo od metody", element("ul", {}, interview.told.map((one) => element("li", {}, one)))));
    if (!interview.project_title) found.push(notice("warning", "brak tytułu projektu", element("p", {}, "Tytuł czyta się przed zgodą. Można go wpisać w planie wywiadu.")));
    return found;
  }

  keeping() {
    const { replica } = this.console;
    const days = replica.bundle.wipe_after_days;
    if (replica.status.vault === "ok") {
      return element("p", { className: "hint" }, `Konsola działa także bez sieci. Notatki są zapisywane na tym urządzeniu, zaszyfrowane, i wysyłane, gdy jest sieć. Kopia znika z urządzenia po wylogowaniu albo po ${counted(days, "dniu", "dniach", "dniach")}.`);
    }
    return notice("warning", "bez kopii na tym urządzeniu",
      element("p", {}, replica.status.message || "Ta przeglądarka nie pozwala zapisywać na urządzeniu (może to okno prywatne). Konsola działa tylko wtedy, gdy jest sieć."));
  }

  // null: there is nothing to go on to.
  get nextWords() {
    const state = this.console.replica.bundle.interview.state;
    if (state === "planned") return "Zacznij rozmowę";
    return state === "held" ? "Przejdź do notatek" : null;
  }
}

export class Consent {
  constructor(console) {
    this.console = console;
    this.replica = console.replica;
    this.group = console.group;
    this.at = console.kept("consent-at") ?? {};
  }

  build() {
    const { consent } = this.replica.bundle.scenario;
    this.rows = element("ul", { className: "consents" });
    this.evidence = element("ul", { className: "consents" });
    this.warning = element("div", { className: "consent-warning" });
    this.evidencePart = element("section", { "aria-labelledby": "zgoda-druga" },
      element("h3", { id: "zgoda-druga" }, "Pytanie drugie: zgoda na użycie zdania"),
      aloud(consent.evidence_question, consent.readers), this.evidence);
    this.shown = new Map();
    const parts = [
      element("p", { className: "for-moderator" }, this.group
        ? "Przeczytaj słowa zgody, a potem zapytaj każdą osobę po kolei. Kto się nie zgadza albo milczy, tego słów nie zapisujemy."
        : "Przeczytaj słowa zgody i zapisz odpowiedź. Bez zgody nie robimy notatek."),
      aloud(consent.purpose, consent.project, consent.rules, consent.question),
      element("section", { "aria-labelledby": "zgoda-pierwsza" },
        element("h3", { id: "zgoda-pierwsza" }, "Pytanie pierwsze: zgoda na rozmowę i notatki"), this.rows),
      this.group ? button("Dodaj osobę, której nie było w planie", "secondary", () => this.addSeat()) : "",
      this.evidencePart, this.warning,
    ].filter(Boolean);
    this.update();
    return parts;
  }

  addSeat() {
    const letter = this.replica.addSeat();
    this.update();
    this.rows.querySelector(`[data-letter="${letter}"] button`)?.focus();
    this.console.say(`Dodano osobę ${letter}.`);
  }

  // Rows are made once for a letter and then only rewritten, so that the focus stays.
  update() {
    if (!this.rows) return;
    for (const seat of this.replica.seats.values()) {
      if (!this.shown.has(seat.letter)) this.addRow(seat);
      this.shown.get(seat.letter).forEach((row) => row.update());
    }
    this.evidencePart.hidden = ![...this.replica.seats.values()].some((seat) => seat.agreed && !seat.withdrawn);
    this.showWarning();
  }

  addRow({ letter }) {
    const agreed = this.row(letter, "zgoda na rozmowę i notatki", [
      ["Zgadza się", (seat) => seat.agreed === true, () => this.agree(letter, true)],
      ["Nie zgadza się", (seat) => seat.agreed === false, () => this.agree(letter, false)],
      ...(this.group ? [["Nie przyszła", () => this.console.absent.has(letter), () => this.away(letter)]] : []),
    ], (seat) => this.stateWords(seat));
    const evidence = this.row(letter, "zgoda na użycie zdania", [
      ["Zgadza się", (seat) => seat.evidence === true, () => this.answer(letter, true)],
      ["Nie zgadza się", (seat) => seat.evidence === false, () => this.answer(letter, false)],
    ], (seat) => (seat.evidence === null ? "Bez odpowiedzi: zdania nie będą dowodem" : this.when(letter, "evidence")));
    this.rows.append(agreed.node);
    this.evidence.append(evidence.node);
    const shows = { update: () => { evidence.node.hidden = !this.replica.seats.get(letter).agreed || this.replica.seats.get(letter).withdrawn; evidence.update(); } };
    this.shown.set(letter, [agreed, shows]);
  }

  row(letter, question, answers, words) {
    const buttons = answers.map(([text, , act]) => button(text, "secondary", act, { "aria-pressed": "false" }));
    const state = element("p", { className: "consent-state" });
    const seat = this.replica.seats.get(letter);
    const id = `${question.split(" ").pop()}-${letter}`;
    const node = element("li", { className: "consent", "data-letter": letter },
      element("p", { className: "consent-who", id },
        element("span", { className: "note-letter" }, letter), " ", element("span", {}, seatWords(seat).slice(3)), hidden(`, ${question}`)),
      element("div", { className: "consent-answers", role: "group", "aria-labelledby": id }, buttons), state);
    const update = () => {
      const now = this.replica.seats.get(letter);
      answers.forEach(([, is], at) => {
        buttons[at].setAttribute("aria-pressed", String(Boolean(is(now))));
        buttons[at].hidden = now.withdrawn;
      });
      write(state, words(now));
    };
    return { node, update };
  }

  stateWords(seat) {
    if (seat.withdrawn) return "Zgoda cofnięta. Notatek tej osoby już nie ma.";
    if (seat.agreed !== null) return this.when(seat.letter, "agreed");
    if (this.console.absent.has(seat.letter)) return "Nieobecna";
    return "Jeszcze bez odpowiedzi";
  }

  when(letter, what) {
    const at = this.at[`${letter}-${what}`];
    return at ? `Zapisano o ${hour(at)}` : "Zapisano";
  }

  stamp(letter, what) {
    this.at[`${letter}-${what}`] = Date.now();
    this.console.keep("consent-at", this.at);
  }

  agree(letter, agreed) {
    const seat = this.replica.seats.get(letter);
    if (seat.agreed === agreed) return;
    this.stamp(letter, "agreed");
    this.console.absent.delete(letter);
    this.replica.setConsent(letter, { agreed, evidence: agreed ? seat.evidence : null });
    this.tell(`${letter}: ${agreed ? "zgoda zapisana" : "brak zgody zapisany"}.`);
  }

  answer(letter, evidence) {
    this.stamp(letter, "evidence");
    this.replica.setConsent(letter, { agreed: true, evidence });
    this.tell(`${letter}: odpowiedź na drugie pytanie zapisana.`);
  }

  away(letter) {
    const { absent } = this.console;
    if (this.replica.seats.get(letter).agreed !== null) return;
    if (!absent.delete(letter)) absent.add(letter);
    this.console.keep("absent", [...absent]);
    this.tell("");
  }

  tell(words) {
    this.update();
    this.console.refresh();
    if (words) this.console.say(words);
  }

  // Fewer or more people than the method wants: a warning, and the reason is asked for at the end.
  showWarning() {
    const warning = this.console.peopleWarning();
    const refused = !this.group && this.replica.seats.get("A")?.agreed === false;
    this.warning.replaceChildren(...[
      warning ? notice("warning", warning, element("p", {}, "Rozmowę można poprowadzić. O powód zapytamy na końcu.")) : "",
      refused ? notice("info", "rozmówca się nie zgadza", ...paragraphs("Bez zgody nie ma rozmowy ani notatek. Wystarczy podziękować. Wywiad można odwołać albo przełożyć w planie.")) : "",
    ].filter(Boolean));
  }
}
