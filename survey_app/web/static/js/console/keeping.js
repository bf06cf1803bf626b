// All records of one interview in memory, alike with the vault and with other tabs.
//
// Every change is in memory at once and on the disk a moment later, all that changed in one transaction. Where another
// tab was quicker, the vault says so (Clash): records.js merges, and the whole is written anew. Nothing is half written.

import { Clash, VaultFull, VaultMissing, FULL, nameOf, openVault } from "./vault.js";
import { merged, onlyHere } from "./records.js";

const SOON_MS = 120;
const FULL_AGAIN_MS = 5000;
const MOST_TRIES = 20;

/** `tell(kind, id, from)` is called for each record that another page, or a merge, has changed. */
export class Keeping {
  constructor(interview, page, { tell, standing, wiped }) {
    Object.assign(this, { interview, page, tell, standing, wiped });
    this.items = new Map();
    this.vault = null;
    this.person = null;
    this.state = "missing";
    this.message = "";
    this.keptAt = 0;
    this.chain = Promise.resolve();
    this.timer = null;
  }

  /** Opens the person's vault and reads what it holds of the interview. Without a vault, memory is all there is. */
  async open(person) {
    this.person = person;
    try {
      this.vault = await openVault(person);
    } catch (error) {
      if (!(error instanceof VaultMissing)) throw error;
      this.message = error.message;
      return;
    }
    this.state = "ok";
    this.vault.onwiped = () => this.#lose();
    this.channel = new BroadcastChannel(`wywiady-${person}-${this.interview}`);
    this.channel.onmessage = ({ data }) => this.#then(() => this.#adopt(data));
    const { found, damaged } = await this.vault.load(this.interview);
    for (const [name, { kind, id, version, value }] of found) {
      this.items.set(name, { kind, id, version, value, saved: value, dirty: false });
    }
    if (damaged.length) this.message = `Na urządzeniu są zapisy, których nie da się otworzyć (${damaged.length}). Zostały na miejscu.`;
  }

  /** Closes a vault that says nothing of this interview. */
  leave() {
    this.vault?.close();
    this.channel?.close();
    this.vault = this.person = null;
    this.state = "missing";
    this.items.clear();
  }

  /** This person's console was opened here: for so many days without a touch the copy stays. */
  async touch(days) {
    await this.vault?.touch(days).catch((error) => this.#fail(error));
  }

  value(kind, id) {
    return this.items.get(nameOf(kind, id))?.value ?? null;
  }

  of(kind) {
    return [...this.items.values()].filter((item) => item.kind === kind && item.value);
  }

  /** `value` null: the record goes. */
  put(kind, id, value) {
    const name = nameOf(kind, id);
    const item = this.items.get(name) ?? { kind, id, version: 0, saved: null };
    this.items.set(name, { ...item, value, dirty: true });
    this.#soon();
  }

  /** What may be sent of each record: what has reached the disk, or, where nothing can be kept, what there is. */
  durable() {
    return [...this.items.values()]
      .map(({ kind, id, value, saved }) => ({ kind, id, value: this.state === "ok" ? saved : value }))
      .filter(({ value }) => value);
  }

  /** When this is done, all that was typed until now has reached the disk, or `state` says why it cannot. */
  flush() {
    clearTimeout(this.timer);
    this.timer = null;
    return this.#then(() => this.#write());
  }

  #soon() {
    this.timer ??= setTimeout(() => this.flush(), SOON_MS);
  }

  #then(act) {
    this.chain = this.chain.then(act).catch((error) => this.#fail(error));
    return this.chain;
  }

  async #write() {
    for (let tries = 0; this.vault && tries < MOST_TRIES; tries += 1) {
      const entries = [...this.items.values()].filter((item) => item.dirty)
        .map(({ kind, id, version, value }) => ({ kind, id, version, value, waiting: onlyHere(value) }));
      if (!entries.length) return;
      try {
        await this.vault.write(this.interview, entries);
      } catch (error) {
        if (!(error instanceof Clash)) throw error;
        for (const stored of error.stored.values()) this.#reconcile(stored);
        continue;
      }
      this.#written(entries);
      return;
    }
  }

  #written(entries) {
    for (const { kind, id, version, value } of entries) {
      const name = nameOf(kind, id);
      const item = this.items.get(name);
      const dirty = item.value !== value; // typed on while this was being written
      if (value === null && !dirty) this.items.delete(name);
      else this.items.set(name, { ...item, version: value === null ? 0 : version + 1, saved: value, dirty });
    }
    this.keptAt = Date.now();
    if (this.state !== "ok") [this.state, this.message] = ["ok", ""];
    this.channel.postMessage(entries.map(({ kind, id }) => ({ kind, id })));
    this.standing();
  }

  // Another tab wrote first.
  #reconcile({ kind, id, version, value: theirs }) {
    const name = nameOf(kind, id);
    const item = this.items.get(name);
    if (item.value === null || theirs === null) {
      this.#reconcileRemoved(name, item, version, theirs);
      return;
    }
    const { value, made = [] } = merged({ kind, id }, item.saved, item.value, theirs, this.page);
    this.items.set(name, { ...item, version, saved: theirs, value, dirty: value !== theirs });
    this.putBeside(id, made);
    this.tell(kind, id);
  }

  #reconcileRemoved(name, item, version, theirs) {
    const words = item.kind === "note" && item.value?.status === "device" && item.value.text?.trim();
    if (theirs === null && words) {
      const value = { ...item.value, status: "gone", message: "Tę notatkę usunięto w innej karcie." };
      this.items.set(name, { ...item, version, saved: null, value, dirty: true });
    } else if (theirs === null) this.items.delete(name);
    else this.items.set(name, { ...item, version, saved: theirs, value: theirs, dirty: false });
    this.tell(item.kind, item.id);
  }

  /** Notes that go on beside another one; the screen is told which field has moved. */
  putBeside(from, made) {
    for (const { id, value, moved } of made) {
      this.put("note", id, value);
      this.tell("note", id, moved ? from : undefined);
    }
  }

  // Another tab has written these: taken over, unless this page has changed them meanwhile (then the write will clash).
  async #adopt(names) {
    for (const { kind, id } of names) {
      const stored = await this.vault?.read(this.interview, kind, id);
      const name = nameOf(kind, id);
      const item = this.items.get(name);
      if (item?.dirty || stored?.version === item?.version) continue;
      if (stored) this.items.set(name, { ...stored, saved: stored.value, dirty: false });
      else this.items.delete(name);
      this.tell(kind, id);
    }
    this.standing();
  }

  #fail(error) {
    if (error instanceof VaultFull) {
      [this.state, this.message] = ["full", FULL];
      setTimeout(() => this.flush(), FULL_AGAIN_MS);
    } else if (this.vault?.closed) this.#lose();
    else {
      console.warn("the vault does not answer:", error);
      [this.state, this.message] = ["full", "Przeglądarka nie zapisuje na urządzeniu. To, co piszą Państwo teraz, jest tylko na tej stronie; prosimy jej nie zamykać."];
      setTimeout(() => this.flush(), FULL_AGAIN_MS);
    }
    this.standing();
  }

  // Logged out, here or in another tab: nothing may come back by our hand.
  #lose() {
    if (!this.vault) return;
    this.vault.close();
    this.vault = null;
    this.channel?.close();
    this.items.clear();
    this.state = "missing";
    this.wiped();
  }
}
