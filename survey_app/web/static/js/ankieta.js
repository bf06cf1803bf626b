// Shows the ankieta one question at a time. The page works without it: one form, one POST, routing written out.
// Nothing typed is thrown away: what is off the path is hidden, not sent, and comes back with the path.
"use strict";

const COPY_WORDS = "Zachowaj kopię na tym urządzeniu";
const COPY_HINT = "Odpowiedzi zostaną w tej przeglądarce, aż zostaną wysłane. Na wspólnym komputerze może je przeczytać ktoś inny: lepiej tego nie zaznaczać.";
const LOST_WORDS = "Prosimy sprawdzić połączenie i wysłać jeszcze raz; ankieta zapisze się tylko raz.";
const SEND_LIMIT_MS = 30000;

function plural(count, one, few, many) {
  if (count === 1) return one;
  const last = count % 10;
  return last >= 2 && last <= 4 && !(count % 100 >= 12 && count % 100 <= 14) ? few : many;
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function button(text, kind, act) {
  const made = element("button", { type: "button", className: `button button-${kind}`, textContent: text });
  made.addEventListener("click", act);
  return made;
}

// Where a browser forbids storage, no copy is offered.
const shelf = {
  name: (campaign) => `ankieta:${campaign}`,
  read(campaign) {
    try { return JSON.parse(localStorage.getItem(this.name(campaign))); } catch { return null; }
  },
  write(campaign, copy) {
    try { localStorage.setItem(this.name(campaign), JSON.stringify(copy)); return true; } catch { return false; }
  },
  remove(campaign) {
    try { localStorage.removeItem(this.name(campaign)); } catch { /* there is none */ }
  },
};

// The path ------------------------------------------------------------------------------------------------------

function typedNumber(text) {
  const plain = text.replace(/\s/g, "").replace(",", ".").replace(/^[−–]/, "-");
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

function typedDay(text) {
  const found = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/.exec(text.trim());
  return found ? `${found[3]}-${found[2].padStart(2, "0")}-${found[1].padStart(2, "0")}` : text.trim() || null;
}

function valueOf(question) {
  const type = question.dataset.type;
  const chosen = question.querySelector("input[type=radio]:checked");
  if (type === "yes_no" || type === "single_choice") return chosen && chosen.value;
  if (type === "scale") return chosen && Number(chosen.value);
  const texts = [...question.querySelectorAll("textarea, .input")].map((control) => control.value);
  if (type === "number") return typedNumber(texts[0]);
  if (type === "date") return typedDay(texts[0]);
  return texts.some((text) => text.trim()) || null;
}

const OPERATIONS = {
  eq: (value, constant) => value === constant,
  ne: (value, constant) => value !== constant,
  in: (value, constants) => constants.includes(value),
  not_in: (value, constants) => !constants.includes(value),
  lt: (value, constant) => value < constant,
  le: (value, constant) => value <= constant,
  gt: (value, constant) => value > constant,
  ge: (value, constant) => value >= constant,
  answered: () => true,
};

// A question without an answer, or off the path, meets no comparison: as survey_app/instrument/routing.py has it.
function met(rule, answers) {
  const parts = rule.parts.map(([id, operator, constant]) => {
    const value = answers.get(id) ?? null;
    return value !== null && OPERATIONS[operator](value, constant);
  });
  return rule.mode === "all" ? parts.every(Boolean) : parts.some(Boolean);
}

function pathOf(questions) {
  const answers = new Map();
  for (const question of questions) {
    const { follows, rule } = question.dataset;
    if (follows && !answers.has(follows)) continue;
    if (rule && !met(JSON.parse(rule), answers)) continue;
    answers.set(question.dataset.question, valueOf(question));
  }
  return answers;
}

// One page ------------------------------------------------------------------------------------------------------

class Survey {
  constructor(form) {
    this.form = form;
    this.main = form.closest("main");
    this.campaign = form.dataset.campaign;
    this.intro = document.getElementById("wstep");
    this.send = document.getElementById("wyslanie");
    this.steps = [...form.querySelectorAll("[data-step]")];
    this.questions = [...form.querySelectorAll("[data-question]")];
    this.counted = this.steps.filter((step) => step.querySelector("[data-question]"));
    this.real = form.dataset.use === "respondent";
    this.keeps = false;
    this.dirty = this.sending = this.sent = this.reviewed = false;
    // Answers off the path came back: they must be seen, and sent or taken out by the person.
    this.routed = form.dataset.offPath === undefined && form.dataset.use !== "sheet";
    this.stepping = this.routed && !document.querySelector(".summary, .notice-danger");
  }

  start() {
    this.said = element("p", { className: "hidden" });
    this.said.setAttribute("role", "status");
    this.form.before(this.said);
    this.form.classList.toggle("routed", this.routed);
    document.body.classList.toggle("stepping", this.stepping);
    this.form.querySelectorAll("[data-limit]").forEach((control) => this.count(control));
    this.form.querySelectorAll("[role=radiogroup]").forEach((group) => this.offerClearing(group));
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("change", () => this.changed());
    this.form.addEventListener("submit", (event) => this.submit(event));
    if (this.stepping) this.buildSteps();
    this.route();
    if (this.stepping) this.show("wstep", false);
    else document.querySelector(".summary")?.focus();
  }

  changed() {
    this.dirty = true;
    this.route();
    this.keepCopy();
  }

  // Hides what the answers lead past; hidden controls are disabled, so they keep their text and are not sent.
  route() {
    this.answers = pathOf(this.questions);
    if (!this.routed) return;
    for (const question of this.questions) {
      const asked = this.answers.has(question.dataset.question);
      question.hidden = !asked;
      question.querySelectorAll("input, textarea").forEach((control) => { control.disabled = !asked; });
      question.querySelectorAll(".option-after").forEach((after) => {
        const chosen = after.parentElement.querySelector("input[type=radio]").checked;
        after.hidden = !chosen;
        after.querySelectorAll("input").forEach((control) => { control.disabled = !asked || !chosen; });
      });
      question.querySelector(".clear")?.classList.toggle("on", Boolean(question.querySelector("input[type=radio]:checked")));
    }
    if (!this.stepping) this.steps.forEach((step) => { step.hidden = !this.asks(step); });
  }

  asks(step) {
    const questions = [...step.querySelectorAll("[data-question]")];
    return !questions.length || questions.some((question) => this.answers.has(question.dataset.question));
  }

  count(control) {
    const limit = Number(control.dataset.limit);
    const words = element("p", { className: "hint", id: `${control.id}-left`, hidden: true });
    words.setAttribute("role", "status");
    control.after(words);
    control.setAttribute("aria-describedby", `${control.getAttribute("aria-describedby") ?? ""} ${words.id}`.trim());
    let pause;
    const show = () => {
      const left = limit - [...control.value].length;
      const many = Math.abs(left);
      const unit = plural(many, "znak", "znaki", "znaków");
      words.hidden = left > limit / 5;
      words.textContent = left < 0 ? `O ${many} ${unit} za dużo. Najwyżej ${limit}.` : `Zostało ${many} ${unit}.`;
      words.classList.toggle("over", left < 0);
    };
    control.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(show, 400); });
    show();
  }

  // A radio cannot be unchosen by itself, and every answer may be left out.
  offerClearing(group) {
    const clear = button("Usuń odpowiedź", "quiet", () => {
      group.querySelectorAll("input[type=radio]").forEach((radio) => { radio.checked = false; });
      this.changed();
      group.querySelector("input[type=radio]").focus();
    });
    clear.classList.add("clear");
    group.append(clear);
  }

  // Step by step ------------------------------------------------------------------------------------------------

  buildSteps() {
    this.bar = element("progress", { id: "postep", max: this.counted.length });
    this.barLabel = element("label", { htmlFor: "postep" });
    this.progress = element("div", { className: "progress" }, this.barLabel, this.bar);
    this.form.prepend(this.progress);
    this.next = button("Dalej", "primary", () => this.go(1));
    this.back = button("Wstecz", "secondary", () => this.go(-1));
    this.toReview = button("Do podsumowania", "quiet", () => this.open("przeglad"));
    this.moves = element("div", { className: "actions" }, this.next, this.back, this.toReview);
    this.review = element("section", { id: "przeglad", className: "review" });
    this.send.before(this.review);
    this.send.querySelector(".actions").append(button("Wstecz", "secondary", () => this.go(-1)));
    this.send.after(this.moves);
    this.begin = button("Zaczynam", "primary", () => this.go(1));
    this.intro?.append(element("div", { className: "actions" }, this.begin));
    if (this.real) this.offerCopy();
    // Enter in a one-line field goes on; it must not send a half-filled form.
    this.form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
      event.preventDefault();
      this.go(1);
    });
    history.replaceState({ screen: "wstep" }, "");
  }

  screens() {
    return ["wstep", ...this.steps.filter((step) => this.asks(step)).map((step) => step.dataset.step), "przeglad"];
  }

  go(by) {
    const screens = this.screens();
    const at = screens.indexOf(this.screen);
    this.open(screens[Math.min(Math.max(at + by, 0), screens.length - 1)]);
  }

  open(screen) {
    if (screen === this.screen) return;
    history.pushState({ screen }, "");
    this.show(screen);
  }

  show(screen, moveFocus = true) {
    const screens = this.screens();
    // History may lead to a question that is off the path by now: then to the last one before it.
    const order = ["wstep", ...this.steps.map((step) => step.dataset.step), "przeglad"];
    this.screen = screens.filter((known) => order.indexOf(known) <= order.indexOf(screen)).pop() ?? "wstep";
    const [first, last] = [this.screen === "wstep", this.screen === "przeglad"];
    if (this.intro) this.intro.hidden = !first;
    this.steps.forEach((step) => { step.hidden = step.dataset.step !== this.screen; });
    this.form.querySelectorAll("[data-before]").forEach((part) => { part.hidden = part.dataset.before !== this.screen; });
    this.reviewed ||= last;
    this.review.hidden = this.send.hidden = !last;
    this.moves.hidden = first || last;
    this.form.hidden = first;
    this.toReview.hidden = !this.reviewed;
    if (last) this.fillReview();
    this.tellProgress();
    this.keepCopy();
    if (moveFocus) this.focusScreen(first, last);
  }

  tellProgress() {
    const at = this.counted.findIndex((step) => step.dataset.step === this.screen);
    this.progress.hidden = at < 0;
    this.bar.value = at + 1;
    this.barLabel.textContent = `Pytanie ${at + 1} z ${this.counted.length}`;
    if (at >= 0) this.said.textContent = this.barLabel.textContent;
    else this.said.textContent = this.screen === "przeglad" ? "Podsumowanie przed wysłaniem" : "";
  }

  focusScreen(first, last) {
    const screen = first ? this.main : last ? this.review : this.steps.find((step) => step.dataset.step === this.screen);
    const heading = screen.querySelector("h1, h2, h3, label") ?? screen;
    if (heading.tagName === "LABEL") document.getElementById(heading.htmlFor).focus({ preventScroll: true });
    else {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    (first ? document.body : this.form).scrollIntoView();
  }

  fillReview() {
    const list = element("dl", { className: "definitions" });
    for (const step of this.steps.filter((known) => this.asks(known))) {
      const parts = [...step.querySelectorAll("[data-question]")];
      for (const part of parts.length ? parts : [step]) {
        if (part.hidden) continue;
        list.append(this.reviewRow(part, step));
      }
    }
    const heading = element("h2", { textContent: "Prosimy sprawdzić odpowiedzi" });
    this.review.replaceChildren(heading, list);
  }

  reviewRow(part, step) {
    const title = part.querySelector("legend, label").textContent.trim();
    const texts = [...part.querySelectorAll("input[type=radio]:checked")].map((radio) => radio.labels[0].textContent.trim());
    part.querySelectorAll(".input:not(:disabled)").forEach((control) => { if (control.value.trim()) texts.push(control.value.trim()); });
    const change = button("Zmień", "quiet", () => this.open(step.dataset.step));
    change.setAttribute("aria-label", `Zmień: ${title}`);
    const answers = (texts.length ? texts : ["bez odpowiedzi"]).map((text) =>
      element("dd", { className: texts.length ? "lines" : "soft", textContent: text }));
    return element("div", {}, element("dt", { textContent: title }), ...answers, element("dd", {}, change));
  }

  // A copy on the device ----------------------------------------------------------------------------------------

  offerCopy() {
    const found = shelf.read(this.campaign);
    if (!shelf.write(this.campaign, found ?? {})) return;
    if (!found?.fields) shelf.remove(this.campaign);
    this.keep = element("input", { type: "checkbox", id: "kopia" });
    this.keep.addEventListener("change", () => {
      this.keeps = this.keep.checked;
      if (this.keeps) this.keepCopy();
      else shelf.remove(this.campaign);
    });
    const label = element("label", { htmlFor: "kopia", textContent: COPY_WORDS });
    label.append(" ", element("span", { className: "hint", textContent: COPY_HINT }));
    this.begin.parentElement.before(element("div", { className: "option part" }, this.keep, label));
    if (found?.fields) this.offerFound(found);
  }

  offerFound(found) {
    const notice = element("div", { className: "notice notice-info" });
    const done = (act) => () => { act(); notice.remove(); };
    const body = element("div", { className: "notice-body" },
      element("p", { className: "notice-title", textContent: "Na tym urządzeniu jest niewysłana kopia odpowiedzi" }),
      element("p", { textContent: "Swoje odpowiedzi można wczytać i dokończyć; cudze prosimy usunąć." }),
      element("div", { className: "actions" },
        button("Wczytaj kopię", "secondary", done(() => this.load(found))),
        button("Usuń kopię", "quiet", done(() => { shelf.remove(this.campaign); this.begin.focus(); }))));
    notice.append(body);
    this.intro.prepend(notice);
  }

  load(copy) {
    fill(this.form, copy.fields);
    this.form.elements.form_key.value = copy.key;
    this.keep.checked = this.keeps = this.dirty = true;
    this.route();
    this.open(copy.screen && copy.screen !== "wstep" ? copy.screen : this.screens()[1]);
  }

  keepCopy() {
    if (!this.keeps || this.sent) return;
    const copy = { key: this.form.elements.form_key.value, screen: this.screen, fields: typedIn(this.form) };
    this.keeps = shelf.write(this.campaign, copy);
  }

  // Sending -----------------------------------------------------------------------------------------------------

  async submit(event) {
    if (this.stepping && this.screen !== "przeglad") {
      event.preventDefault();
      this.go(1);
      return;
    }
    if (!this.real) { this.sent = true; return; }
    event.preventDefault();
    if (this.sending || this.sent) return;
    const pressed = event.submitter;
    const body = new URLSearchParams(new FormData(this.form));
    if (pressed?.name) body.append(pressed.name, pressed.value);
    this.setSending(pressed, true);
    try {
      await this.post(body, pressed);
    } catch {
      this.tellFailure(pressed);
    }
    this.setSending(pressed, false);
  }

  setSending(pressed, on) {
    this.sending = on;
    if (!pressed) return;
    pressed.dataset.words ??= pressed.textContent;
    pressed.textContent = on ? "Wysyłanie…" : pressed.dataset.words;
    pressed.setAttribute("aria-disabled", String(on));
  }

  async post(body, pressed) {
    const signal = AbortSignal.timeout?.(SEND_LIMIT_MS);
    const answer = await fetch(this.form.action, { method: "POST", body, credentials: "omit", cache: "no-store", signal });
    if (answer.status >= 500) throw new Error("not kept");
    const text = await answer.text();
    if (answer.ok) {
      this.sent = true;
      shelf.remove(this.campaign);
      location.replace(answer.url);
      return;
    }
    const page = new DOMParser().parseFromString(text, "text/html");
    // A page without the form, or a copy of the answers, would take them away: only its words are shown.
    if (page.getElementById("ankieta") || answer.status === 410) this.turnInto(page);
    else this.tellFailure(pressed, page.querySelector(".lead")?.textContent);
  }

  // The server's page says what is wrong; what is hidden here was not sent, and moves over.
  turnInto(page) {
    const hidden = typedIn(this.form, ":disabled");
    this.sent = true;
    document.title = page.title;
    this.main.replaceWith(page.querySelector("main"));
    document.body.classList.remove("stepping");
    begin(hidden);
    const alert = document.querySelector(".summary, h1");
    alert.tabIndex = -1;
    alert.focus();
    window.scrollTo(0, 0);
  }

  tellFailure(pressed, words = LOST_WORDS) {
    this.failure?.remove();
    this.failure = element("div", { className: "notice notice-danger" }, element("div", { className: "notice-body" },
      element("p", { className: "notice-title", textContent: "Ważne: nie udało się wysłać" }),
      element("p", { textContent: "Odpowiedzi są nadal na tej stronie, nic nie zginęło." }),
      element("p", { textContent: words })));
    this.failure.setAttribute("role", "alert");
    this.send.prepend(this.failure);
    if (pressed) pressed.dataset.words = "Wyślij jeszcze raz";
  }
}

function typedIn(form, which = "") {
  return [...form.querySelectorAll(`.input[name]${which}, input[type=radio]:checked${which}`)]
    .filter((control) => control.value)
    .map((control) => [control.name, control.value]);
}

function fill(form, fields) {
  for (const [name, value] of fields) {
    const control = form.elements[name];
    if (control) control.value = value; // of radios this chooses the one with the value
  }
}

let survey = null;

function begin(hidden = []) {
  const form = document.getElementById("ankieta");
  survey = form && new Survey(form);
  if (!survey) return;
  fill(form, hidden);
  survey.start();
  survey.dirty = hidden.length > 0 || !survey.stepping;
}

const thanks = document.querySelector("[data-sent]");
if (thanks) shelf.remove(thanks.dataset.sent);
begin();

window.addEventListener("popstate", (event) => { if (survey?.stepping && event.state?.screen) survey.show(event.state.screen); });
window.addEventListener("beforeunload", (event) => { if (survey?.dirty && !survey.sent && !survey.keeps && survey.real) event.preventDefault(); });
// A page that comes back from the browser's memory after it was sent holds a used key: a fresh one is needed.
window.addEventListener("pageshow", (event) => { if (event.persisted && survey?.sent) location.reload(); });
