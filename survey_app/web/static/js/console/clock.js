// Time spent in each part. Counts differences, so a wrong clock of the device does no harm; goes on over a reload and
// over the sleep of a tablet, and says how much passed.

const TICK_MS = 1000;
const KEEP_EVERY_S = 5;
const SEND_EVERY_S = 15;
// A longer jump of the device's clock is a clock put right, not a break in the talk.
const LONGEST_SLEEP_S = 4 * 3600;
// Shorter ones are told nobody: a page in the background ticks late.
const SLEEP_WORTH_TELLING_S = 90;

export class Clock extends EventTarget {
  // `minutes`: section id -> minutes or null; `spent`: section id -> seconds that are known already.
  constructor({ replica, minutes, all }) {
    super();
    this.replica = replica;
    this.minutes = minutes;
    this.all = all;
    this.seconds = new Map();
    this.section = null;
    this.running = false;
    this.started = false;
    this.sinceKept = this.sinceSent = 0;
    this.told = new Set();
  }

  // Goes on where a reload, a crash or an empty battery left it.
  resume(kept) {
    if (kept) {
      for (const [id, seconds] of Object.entries(kept.seconds ?? {})) this.seconds.set(id, seconds);
      Object.assign(this, { section: kept.section ?? null, started: Boolean(kept.started), running: Boolean(kept.running) });
      this.told = new Set(kept.told ?? []);
    }
    this.perf = performance.now();
    this.wall = Date.now();
    const away = kept?.running ? (this.wall - kept.at) / 1000 : 0;
    if (away > 0 && away <= LONGEST_SLEEP_S) this.pass(away, away > SLEEP_WORTH_TELLING_S);
    this.timer = setInterval(() => this.tick(), TICK_MS);
    document.addEventListener("visibilitychange", () => { this.tick(); this.keep(); });
  }

  start() {
    if (this.started && this.running) return;
    this.tick();
    this.started = this.running = true;
    this.settled();
  }

  pause() {
    this.tick();
    this.running = false;
    this.settled();
  }

  // The part that time belongs to from now on; null leaves it with the last one.
  enter(section) {
    if (section === null || section === this.section) return;
    this.tick();
    this.send();
    this.section = section;
    this.settled();
  }

  settled() {
    this.keep();
    this.send();
    this.dispatchEvent(new Event("tick"));
  }

  // performance.now() stands still while some machines sleep, Date.now() jumps when somebody puts the clock right.
  tick() {
    const perf = performance.now();
    const wall = Date.now();
    const steady = (perf - this.perf) / 1000;
    const jumped = (wall - this.wall) / 1000 - steady;
    this.perf = perf;
    this.wall = wall;
    if (!this.running) return;
    const slept = jumped > 2 && jumped <= LONGEST_SLEEP_S ? jumped : 0;
    this.pass(steady + slept, steady + slept > SLEEP_WORTH_TELLING_S);
  }

  pass(seconds, tell) {
    if (this.section !== null) this.seconds.set(this.section, this.own(this.section) + seconds);
    this.sinceKept += seconds;
    this.sinceSent += seconds;
    if (this.sinceKept >= KEEP_EVERY_S) this.keep();
    if (this.sinceSent >= SEND_EVERY_S) this.send();
    this.dispatchEvent(new Event("tick"));
    if (tell) this.dispatchEvent(new CustomEvent("away", { detail: { seconds } }));
  }

  own(section) { return this.seconds.get(section) ?? 0; }

  // The other device may have counted more; the larger one wins, as in the store.
  spent(section) { return Math.max(this.own(section), this.replica.parts.get(section)?.seconds ?? 0); }

  spentInAll() { return Object.keys(this.minutes).reduce((sum, id) => sum + this.spent(id), 0); }

  // Seconds since the beginning: the order in which notes are read.
  second() { return Math.floor(this.spentInAll()); }

  // Seconds left in the part (null: it has no minutes of its own); negative when it is over.
  leftInPart() {
    const minutes = this.section === null ? null : this.minutes[this.section];
    return minutes ? minutes * 60 - this.spent(this.section) : null;
  }

  leftInAll() { return this.all * 60 - this.spentInAll(); }

  // True the first time something is to be said, also after a reload.
  once(key) {
    if (this.told.has(key)) return false;
    this.told.add(key);
    this.keep();
    return true;
  }

  keep() {
    this.sinceKept = 0;
    this.replica.keep("clock", {
      seconds: Object.fromEntries(this.seconds), section: this.section, running: this.running,
      started: this.started, told: [...this.told], at: Date.now(),
    });
  }

  send() {
    this.sinceSent = 0;
    if (this.section === null) return;
    const seconds = Math.floor(this.own(this.section));
    if (seconds > (this.replica.parts.get(this.section)?.seconds ?? 0)) this.replica.setPart(this.section, seconds);
  }
}
