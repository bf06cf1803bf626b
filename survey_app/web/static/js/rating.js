// The rating screen: every change is saved at once, digits choose and move on. Without it the form saves by its button.
// Nothing is kept on the device: offices share computers.
"use strict";

const PAUSE_MS = 800;
const LIMIT_MS = 15000;
const RETRY_MS = [2000, 4000, 8000, 15000, 30000];
const DONT_KNOW = "nie_wiem";
const WORDS = {
  waiting: "Niezapisane…",
  saving: "Zapisywanie…",
  saved: "Zapisano",
  failed: "Nie zapisano – spróbujemy ponownie",
  conflict: "Nie zapisano – w innym oknie jest inna wartość",
  refused: "Nie zapisano",
};
const ASLEEP = "Nie zapisano: trzeba zalogować się ponownie, najlepiej w drugiej karcie. To, co tu wpisano, zostaje i zapisze się potem samo.";

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function button(text, act) {
  const made = element("button", { type: "button", className: "button button-secondary", textContent: text });
  made.addEventListener("click", act);
  return made;
}

// "2; powód: „…”", as a person reads a rating.
function inWords(point, reason) {
  const chosen = point === DONT_KNOW ? "nie wiem" : point || "bez oceny";
  return reason ? `${chosen}; powód: „${reason}”` : chosen;
}

// One criterion -------------------------------------------------------------------------------------------------

class Criterion {
  constructor(box, sheet) {
    this.box = box;
    this.sheet = sheet;
    this.id = box.dataset.criterion;
    this.radios = [...box.querySelectorAll("input[type=radio]")];
    this.reason = box.querySelector("textarea");
    this.revision = box.querySelector("input[type=hidden]");
    this.state = box.querySelector("[data-state]");
    this.conflict = box.querySelector("[data-conflict]");
    this.dirty = this.refused = false;
    this.other = null;
    box.addEventListener("change", () => this.changed(200)); // arrows pass over points on their way
    this.reason.addEventListener("input", () => this.changed(PAUSE_MS));
  }

  get point() { return this.radios.find((radio) => radio.checked)?.value ?? ""; }

  get unsaved() { return this.dirty || this.refused || this.other !== null; }

  changed(pause) {
    this.refused = false;
    this.dirty = true;
    if (this.other) { this.showConflict(); return; }
    this.tell("waiting");
    this.sheet.saveSoon(pause);
  }

  tell(state, more = "") {
    this.state.textContent = more ? `${WORDS[state]}: ${more}` : WORDS[state];
    this.state.dataset.state = state;
    this.sheet.announce(this.state.textContent, state);
  }

  fields() {
    return { [`punkt-${this.id}`]: this.point, [`powod-${this.id}`]: this.reason.value, [`wersja-${this.id}`]: this.revision.value };
  }

  took(answer) {
    if (answer.saved) {
      this.revision.value = answer.revision;
      this.tell(this.dirty ? "saving" : "saved");
    } else if (answer.stored) {
      this.other = answer.stored;
      this.tell("conflict");
      this.showConflict();
    } else {
      this.refused = true;
      this.tell("refused", answer.message);
    }
  }

  // Another window saved meanwhile: both values stand side by side until the person chooses.
  showConflict() {
    const focused = this.conflict.contains(document.activeElement);
    const other = inWords(this.other.dont_know ? DONT_KNOW : String(this.other.point ?? ""), this.other.reason);
    this.conflict.replaceChildren(
      element("p", { textContent: `W innym oknie zapisano: ${other}` }),
      element("p", { textContent: `W tym oknie: ${inWords(this.point, this.reason.value)}` }),
      element("div", { className: "actions" },
        button("Zostaw to z tego okna", () => this.settle(true)),
        button("Weź to z innego okna", () => this.settle(false))));
    this.conflict.hidden = false;
    if (focused) this.conflict.querySelector("button").focus();
  }

  settle(keepThis) {
    const { point, dont_know: dontKnow, reason, revision } = this.other;
    this.other = null;
    this.revision.value = revision;
    this.conflict.hidden = true;
    this.conflict.replaceChildren();
    this.focus();
    this.dirty = keepThis;
    if (keepThis) { this.sheet.saveSoon(0); return; }
    const wanted = dontKnow ? DONT_KNOW : String(point ?? "");
    this.radios.forEach((radio) => { radio.checked = radio.value === wanted; });
    this.reason.value = reason;
    this.tell("saved");
  }

  choose(value) {
    const radio = this.radios.find((one) => one.value === value);
    if (!radio) return false;
    radio.checked = true;
    radio.focus();
    this.changed(0);
    return true;
  }

  focus(options) { (this.radios.find((radio) => radio.checked) ?? this.radios[0]).focus(options); }
}

// The sheet -----------------------------------------------------------------------------------------------------

class Sheet {
  constructor(form) {
    this.form = form;
    this.token = form.elements.csrf_token;
    this.said = document.getElementById("stan");
    this.criteria = [...form.querySelectorAll("[data-criterion]")].map((box) => new Criterion(box, this));
    this.failures = 0;
    this.running = null;
    this.over = false;
  }

  start() {
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.go(this.form.dataset.next); });
    this.form.addEventListener("keydown", (event) => this.key(event));
    this.form.addEventListener("focusout", () => { if (this.waits()) this.saveSoon(0); });
    document.querySelectorAll("a[data-move]").forEach((link) => link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.go(link.href);
    }));
    document.querySelectorAll("[data-scripts]").forEach((part) => { part.hidden = false; });
    window.addEventListener("online", () => { if (this.waits()) this.saveSoon(0); });
    window.addEventListener("beforeunload", (event) => { if (this.unsaved()) event.preventDefault(); });
    // What came back refused was typed and is not saved yet.
    this.criteria.filter(({ box }) => box.dataset.typed !== undefined).forEach((one) => { one.dirty = true; });
    if (this.waits()) this.saveSoon(0);
    if (document.querySelector(".summary")) return;
    if (matchMedia("(max-width: 45rem)").matches) document.getElementById("kto").scrollIntoView();
    (this.criteria.find((one) => !one.point) ?? this.criteria[0]).focus({ preventScroll: true });
  }

  waits() { return this.criteria.some((one) => one.dirty && !one.other); }

  unsaved() { return this.running !== null || this.criteria.some((one) => one.unsaved); }

  // What is on its way would drown a screen reader: it is told how things ended, when that is something new.
  announce(words, state) {
    if (state === "saving" || state === "waiting" || this.said.textContent === words) return;
    this.said.textContent = words;
  }

  saveSoon(pause) {
    clearTimeout(this.timer);
    if (!this.over) this.timer = setTimeout(() => this.save(), pause);
  }

  // One request at a time: the next one knows the revision that this one brought.
  save() {
    clearTimeout(this.timer);
    this.running ??= this.saveAll().finally(() => { this.running = null; });
    return this.running;
  }

  async saveAll() {
    let one;
    while (!this.over && (one = this.criteria.find((each) => each.dirty && !each.other))) {
      one.dirty = false;
      one.tell("saving");
      try {
        const answer = await this.post(one);
        this.failures = 0;
        if (answer.over) this.end(one, answer.message);
        else one.took(answer.ratings[one.id]);
      } catch (failure) {
        one.dirty = true;
        this.failed(one, failure);
        return;
      }
    }
  }

  async post(one, again = true) {
    const body = new URLSearchParams({ csrf_token: this.token.value, ...one.fields() });
    const answer = await fetch(this.form.action, {
      method: "POST", body, headers: { Accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout?.(LIMIT_MS),
    });
    if (answer.headers.get("Content-Type")?.startsWith("application/json") && answer.status < 500) return answer.json();
    // A log-in page, or a token of an earlier session: after a log-in in another tab a new token is there to have.
    if (answer.status < 500 && again && await this.renewToken()) return this.post(one, false);
    throw new Error(answer.status < 500 ? ASLEEP : "");
  }

  async renewToken() {
    const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout?.(LIMIT_MS) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector("#ocena input[name=csrf_token]")?.value;
    if (!found) return false;
    this.token.value = found;
    return true;
  }

  failed(one, failure) {
    one.tell("failed");
    if (failure.message === ASLEEP) {
      one.state.textContent = ASLEEP;
      this.announce(ASLEEP, "failed");
    }
    this.saveSoon(RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)]);
    this.failures += 1;
  }

  // The stage is over: what is on the page stays on the page, to be read and copied.
  end(one, message) {
    this.over = true;
    one.dirty = true;
    one.tell("refused");
    const notice = element("div", { className: "notice notice-warning" }, element("div", { className: "notice-body" },
      element("p", { className: "notice-title", textContent: `Uwaga: ${message}` }),
      element("p", { textContent: "Ostatnia zmiana na tej stronie nie została zapisana. Widać ją poniżej: można ją przepisać albo skopiować i powiedzieć o niej zespołowi." })));
    notice.setAttribute("role", "alert");
    this.form.before(notice);
    notice.scrollIntoView();
  }

  async go(address) {
    await this.save();
    if (this.waits() && !this.failures) await this.save();
    const stuck = this.criteria.find((one) => one.unsaved);
    if (stuck) stuck.focus();
    // Without the place in the page: the browser would take the focus away when it goes there.
    else if (!this.over) location.href = address.split("#")[0];
  }

  // Digits work only while the focus is in the form and not in a text (WCAG 2.1.4).
  key(event) {
    if (event.ctrlKey || event.metaKey || event.repeat || event.target.tagName === "TEXTAREA") return;
    if (event.altKey) {
      const move = { ArrowDown: this.form.dataset.next, ArrowUp: this.form.dataset.previous }[event.key];
      if (move) { event.preventDefault(); this.go(move); }
      return;
    }
    const at = this.criteria.findIndex((one) => one.box.contains(event.target));
    if (at < 0) return;
    if (event.key === "Enter" && event.target.type === "radio") {
      event.preventDefault();
      if (at + 1 < this.criteria.length) this.criteria[at + 1].focus();
      else this.go(this.form.dataset.next);
    } else if (event.key.length === 1) this.chosenByKey(at, event);
  }

  chosenByKey(at, event) {
    const one = this.criteria[at];
    const unknown = event.key === "0" || event.key.toLowerCase() === "n";
    if (!one.choose(event.key) && !(unknown && one.choose(DONT_KNOW))) return;
    event.preventDefault();
    this.criteria[at + 1]?.focus();
  }
}

const form = document.getElementById("ocena");
if (form) new Sheet(form).start();
else document.querySelector("[data-onward]")?.focus({ preventScroll: true });

// A page that comes back from the browser's memory holds an old revision.
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
