// Sends what waits and fetches the state. One exchange at a time, in all tabs together; a lost answer is asked for again.
//
// There is no regular asking while nobody types: each request would prolong the log-in session for ever.

import { changeOf, inOrder, pendingOf, waits } from "./records.js";

const PAUSE_MS = 1000; // after the last keystroke
const AT_LATEST_MS = 4000; // of steady typing
const CLOCKS_MS = 15000; // when only the seconds of parts have moved
const ANSWER_WITHIN_MS = 20000;
const WAITS_MS = [2000, 4000, 8000, 15000, 30000, 60000];
const FRESH_MS = 20000;
const MOST_ROUNDS = 40;
const MOST_CHANGES = 100;
const MOST_CHARACTERS = 250000; // of one message: 1 MB at most, however many bytes a letter takes

export const OTHER_PERSON = "W tej przeglądarce zalogowała się inna osoba. To, co czeka na wysłanie, zostaje na tym urządzeniu, aż zaloguje się ten, kto prowadził rozmowę.";
const UNREADABLE = "Serwis odpowiedział w sposób, którego konsola nie rozumie. Spróbuje jeszcze raz.";

export class Sender {
  constructor(replica, { stateUrl, changesUrl }) {
    Object.assign(this, { replica, stateUrl, changesUrl });
    this.csrf = "";
    this.message = "";
    this.stale = true;
    this.failures = 0;
    this.running = null;
    this.again = false;
    this.stopped = false;
    this.most = MOST_CHANGES;
    this.fetchedAt = 0;
  }

  get keeping() {
    return this.replica.keeping;
  }

  /** `got`: what the first question for the state gave; null: it is still on its way, and `asked` will have it. */
  begin(got, asked) {
    if (got) this.#takeReply(got);
    else asked.then((late) => !this.stopped && this.#takeReply(late) && this.now());
    addEventListener("online", () => this.#wake());
    addEventListener("offline", () => this.replica.stand({ online: false }));
    addEventListener("focus", () => this.#wakeIfOld());
    addEventListener("pageshow", () => this.#wakeIfOld());
    document.addEventListener("visibilitychange", () => document.hidden || this.#wakeIfOld());
    this.#plan();
    // What waits since the last time goes at once: nobody knows how long the page stays open this time.
    if (got?.state && this.replica.status.session === "alive" && this.#waiting().length) this.soon();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Something has changed here. */
  soon(kind) {
    this.since ??= Date.now();
    const pause = kind === "part" ? CLOCKS_MS : Math.min(PAUSE_MS, Math.max(0, this.since + AT_LATEST_MS - Date.now()));
    if (this.failures || (kind === "part" && this.timer)) return; // its turn comes by itself
    this.#in(pause);
  }

  /** Now, or right after the exchange that is under way. */
  now() {
    if (this.stopped) return Promise.resolve();
    this.again = true;
    this.running ??= this.#exchanges().finally(() => { this.running = null; });
    return this.running;
  }

  #wake() {
    this.stale = true;
    this.failures = 0;
    this.now();
  }

  // Somebody comes back to the page: perhaps after a log-in in another tab, perhaps after writing on another device.
  #wakeIfOld() {
    if (this.replica.status.session !== "alive" || this.failures || Date.now() - this.fetchedAt > FRESH_MS) this.#wake();
  }

  #in(pause) {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => { this.timer = null; this.now(); }, pause);
  }

  async #exchanges() {
    while (this.again && !this.stopped) {
      this.again = false;
      this.since = null;
      clearTimeout(this.timer);
      this.timer = null;
      const act = () => this.#exchange();
      const name = `wywiady-${this.keeping.person}-${this.keeping.interview}`;
      await (navigator.locks ? navigator.locks.request(name, act) : act()).catch((error) => this.#fail(error));
    }
    this.#plan();
  }

  #plan() {
    if (this.failures) this.#in(WAITS_MS[Math.min(this.failures, WAITS_MS.length) - 1] * (0.8 + Math.random() * 0.4));
    else if (this.replica.status.session === "alive" && this.#waiting().length) this.#in(this.timer ? PAUSE_MS : CLOCKS_MS);
  }

  #waiting() {
    return this.keeping.durable().filter(({ value }) => waits(value));
  }

  async #exchange() {
    await this.replica.flush();
    if (this.stale && !this.#takeReply(await this.fetchState())) return;
    for (let round = 0; round < MOST_ROUNDS && !this.stopped; round += 1) {
      const batch = this.#batch();
      if (!batch.length) return;
      const taken = await this.#post(batch);
      await this.replica.flush();
      if (!taken) return;
    }
    this.failures = Math.max(this.failures, 1); // the rest a little later: nothing may turn for ever
  }

  // As many as one message may hold, in order, of one writer: the service tells pages apart by it.
  #batch() {
    const batch = [];
    let length = 0;
    for (const { kind, id, value } of inOrder(this.#waiting())) {
      const sent = pendingOf(value);
      length += JSON.stringify(sent).length;
      if (batch.length && (sent.writer !== batch[0].sent.writer || length > MOST_CHARACTERS || batch.length >= this.most)) break;
      batch.push({ kind, id, sent });
    }
    return batch;
  }

  async #post(batch) {
    const body = JSON.stringify({
      person: this.keeping.person, writer: batch[0].sent.writer, now: Date.now(),
      changes: batch.map(({ kind, id, sent }) => changeOf(kind, id, sent)),
    });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.csrf };
    const reply = await this.#ask(this.changesUrl, { method: "POST", headers, body });
    if (!reply.said?.results) return this.#takeRefusal(reply, batch);
    this.#reached();
    const answers = new Map(reply.said.results.map((result) => [result.key, result]));
    for (const { kind, id, sent } of batch) {
      const result = answers.get(`${kind}:${id}`);
      if (result) this.replica.takeAnswer({ kind, id }, sent, result);
      // What follows from it is in the state.
      if (kind === "held" || kind === "seat" || result?.outcome === "gone") this.stale = this.again = true;
    }
    this.most = MOST_CHANGES;
    this.replica.stand({ sentAt: Date.now() });
    return true;
  }

  // The whole message was not taken: the session, the token, or something in it.
  #takeRefusal(reply, batch) {
    if (reply.status === 403 && reply.said?.csrf) {
      // Another session: it may be another person's, so the state is asked before anything is sent again.
      if (this.stale) return this.#fail(new Error("csrf"));
      this.stale = this.again = true;
      return false;
    }
    if ([400, 409, 413, 422].includes(reply.status) && reply.said) {
      if (batch.length > 1) this.most = Math.ceil(batch.length / 2);
      else {
        const [{ kind, id, sent }] = batch;
        this.replica.takeAnswer({ kind, id }, sent, { outcome: "refused", message: reply.said.message ?? UNREADABLE });
      }
      return true;
    }
    return this.#takeReply(reply);
  }

  /** {state} or {status, said} or {} when the service was not reached. Never throws. */
  async fetchState() {
    const reply = await this.#ask(this.stateUrl, {});
    return reply.status === 200 && reply.said?.interview ? { state: reply.said } : reply;
  }

  async #ask(url, options) {
    try {
      const signal = AbortSignal.timeout?.(ANSWER_WITHIN_MS);
      const answer = await fetch(url, { ...options, credentials: "same-origin", cache: "no-store", redirect: "manual", signal });
      const said = await answer.json().catch(() => null);
      return { status: answer.status, said };
    } catch {
      return {};
    }
  }

  // True when the state was taken and sending may go on.
  #takeReply({ state, status, said }) {
    if (state) return this.#takeState(state);
    if (status === 401) return this.#stand("ended", "", said?.login ?? "/logowanie");
    if ((status === 403 || status === 404) && said?.message) return this.#stand("refused", said.message);
    if (status && said?.csrf) return this.#stand("ended", "", "");
    return this.#fail(new Error(status ? `answered ${status}` : "not reached"), status);
  }

  #takeState(state) {
    this.#reached();
    if (this.keeping.person !== null && state.person !== this.keeping.person) {
      return this.#stand("refused", OTHER_PERSON, "");
    }
    this.csrf = state.csrf;
    this.stale = false;
    this.fetchedAt = Date.now();
    this.#stand("alive", "", "");
    this.replica.takeState(state);
    return true;
  }

  #stand(session, message, loginUrl = "") {
    this.#reached();
    this.message = message;
    this.stale ||= session !== "alive";
    this.replica.stand({ session, loginUrl });
    return false;
  }

  #reached() {
    this.failures = 0;
    this.replica.stand({ online: true });
  }

  #fail(error, status) {
    this.failures += 1;
    this.stale = true;
    this.message = status && status < 500 && status !== 429 ? UNREADABLE : "";
    if (!status) console.info("not sent yet:", error.message);
    this.replica.stand({ online: Boolean(status) });
    return false;
  }
}
