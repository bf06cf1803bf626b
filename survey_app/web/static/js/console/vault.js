// What the console keeps on the device: one IndexedDB database per person, every record encrypted.
//
// A record is {at: [interview, kind, id], version, waiting, iv, sealed}. Only `sealed` says anything about the
// interview; `version` and `waiting` stand open, so that two tabs can compare-and-set without decrypting, and the
// log-out can count what was not sent yet. Why it is so: docs/decisions/0010-what-the-console-keeps-on-the-device.md

const NAME = "wywiady-";
const KEYS = "keys";
const RECORDS = "records";
const FACTS = "facts"; // when the copy was last touched, and for how many days it is kept: wipe.js reads it
const TOUCH_EVERY_MS = 60000;
const DAY_MS = 86400000;
const LIMIT_MS = 8000;

export const NO_SECURE_CONTEXT = "Ta strona nie jest otwarta przez bezpieczne połączenie (adres powinien zaczynać się od https://), więc przeglądarka nie pozwala niczego zaszyfrować na urządzeniu. Notatki trafiają tylko do serwisu: bez sieci nie zostaną zachowane.";
export const NO_STORAGE = "Ta przeglądarka nie pozwala zachować niczego na urządzeniu (okno prywatne albo wyłączone dane stron). Notatki trafiają tylko do serwisu: bez sieci nie zostaną zachowane.";
export const FULL = "Na urządzeniu brakuje miejsca. To, co piszą Państwo teraz, jest tylko na tej stronie i trafi do serwisu, gdy będzie sieć. Prosimy zwolnić miejsce i nie zamykać strony.";

const utf8 = { encode: (text) => new TextEncoder().encode(text), decode: (bytes) => new TextDecoder().decode(bytes) };

/** Nothing can be kept here; `message` tells the person why. */
export class VaultMissing extends Error {}

/** Another tab has written one of these records meanwhile; `stored` has what it wrote, by name. */
export class Clash extends Error {
  constructor(stored) {
    super("clash");
    this.stored = stored;
  }
}

/** There is no room. */
export class VaultFull extends Error {}

export const nameOf = (kind, id) => `${kind}:${id}`;

/** The persons who have a copy on this device, the one whose console was opened last first. */
export async function personsHere() {
  if (!globalThis.indexedDB?.databases) return [];
  const found = [];
  try {
    for (const { name } of await indexedDB.databases()) {
      if (!name?.startsWith(NAME)) continue;
      const db = await openDatabase(name);
      const facts = await answer(db.transaction(FACTS).objectStore(FACTS).get("copy"));
      db.close();
      // wipe.js takes it away; until then nothing of it is shown.
      if (facts && Date.now() - facts.touchedAt > facts.days * DAY_MS) continue;
      found.push({ person: Number(name.slice(NAME.length)), openedAt: facts?.openedAt ?? 0 });
    }
  } catch {
    return [];
  }
  return found.sort((one, other) => other.openedAt - one.openedAt).map(({ person }) => person);
}

/** The vault of a person, made if there is none. VaultMissing: this browser, or this address, cannot keep one. */
export async function openVault(person) {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) throw new VaultMissing(NO_SECURE_CONTEXT);
  if (!globalThis.indexedDB) throw new VaultMissing(NO_STORAGE);
  try {
    const db = await openDatabase(NAME + person);
    return new Vault(db, person, await deviceKey(db));
  } catch (error) {
    console.warn("the vault cannot be opened:", error.name);
    throw new VaultMissing(isFull(error) ? FULL : NO_STORAGE);
  }
}

class Vault {
  constructor(db, person, key) {
    Object.assign(this, { db, person, key, touched: 0, closed: false, onwiped: null });
    // The log-out, in this tab or another, deletes the database: it may not wait for us.
    const lost = () => {
      if (this.closed) return;
      this.close();
      this.onwiped?.();
    };
    db.onversionchange = lost;
    db.onclose = lost;
  }

  close() {
    this.closed = true;
    this.db.close();
  }

  /** Marks this person's console as the one that was opened last here. */
  async touch(days) {
    this.touched = Date.now();
    const facts = { openedAt: this.touched, touchedAt: this.touched, days };
    await this.#writing([FACTS], (transaction) => transaction.objectStore(FACTS).put(facts, "copy"));
  }

  /** Every record of the interview: Map name -> {kind, id, version, value}. What does not open is named in `damaged`. */
  async load(interview) {
    const range = IDBKeyRange.bound([interview], [interview, []]);
    const rows = await answer(this.db.transaction(RECORDS).objectStore(RECORDS).getAll(range));
    const found = new Map();
    const damaged = [];
    for (const row of rows) {
      const [, kind, id] = row.at;
      try {
        found.set(nameOf(kind, id), { kind, id, version: row.version, value: await this.#open(row) });
      } catch {
        damaged.push(nameOf(kind, id));
      }
    }
    return { found, damaged };
  }

  /** One record as it is stored now, or null. */
  async read(interview, kind, id) {
    const row = await answer(this.db.transaction(RECORDS).objectStore(RECORDS).get([interview, kind, id]));
    return row ? { kind, id, version: row.version, value: await this.#open(row) } : null;
  }

  /**
   * All of the entries, or none: {kind, id, version (that the writer has seen; 0: none), value (null: remove), waiting}.
   * Clash: another tab wrote one of them meanwhile. VaultFull: no room. What is written has reached the disk.
   */
  async write(interview, entries) {
    // Encrypted first: a transaction does not wait for anything but its own requests.
    const rows = await Promise.all(entries.map((entry) => this.#seal(interview, entry)));
    const stale = [];
    await this.#writing([RECORDS, FACTS], (transaction) => {
      const records = transaction.objectStore(RECORDS);
      let asked = rows.length;
      rows.forEach((row, place) => {
        records.get(row.at).onsuccess = ({ target }) => {
          if ((target.result?.version ?? 0) !== entries[place].version) stale.push(target.result ?? { at: row.at, version: 0 });
          asked -= 1;
          if (asked === 0 && !stale.length) rows.forEach((each) => (each.sealed ? records.put(each) : records.delete(each.at)));
        };
      });
      this.#touchWithin(transaction);
    });
    if (stale.length) throw new Clash(await this.#opened(stale));
  }

  async #opened(rows) {
    const stored = new Map();
    for (const row of rows) {
      const [, kind, id] = row.at;
      stored.set(nameOf(kind, id), { kind, id, version: row.version, value: row.sealed ? await this.#open(row) : null });
    }
    return stored;
  }

  #touchWithin(transaction) {
    if (Date.now() - this.touched < TOUCH_EVERY_MS) return;
    this.touched = Date.now();
    const facts = transaction.objectStore(FACTS);
    facts.get("copy").onsuccess = ({ target }) => facts.put({ ...target.result, touchedAt: this.touched }, "copy");
  }

  #writing(stores, act) {
    return new Promise((resolve, reject) => {
      // "strict": told as written only when it has reached the disk; an empty battery takes nothing back.
      const transaction = this.db.transaction(stores, "readwrite", { durability: "strict" });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(isFull(transaction.error) ? new VaultFull("full") : transaction.error ?? new Error("aborted"));
      act(transaction);
    });
  }

  // The name and version are sealed in: a record copied over another one does not open.
  #bound(at, version) {
    return utf8.encode(JSON.stringify([this.person, ...at, version]));
  }

  async #seal(interview, { kind, id, version, value, waiting }) {
    const at = [interview, kind, id];
    if (value === null) return { at };
    const iv = crypto.getRandomValues(new Uint8Array(12)); // a new one for each write: AES-GCM forgives no second use
    const additionalData = this.#bound(at, version + 1);
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, this.key, utf8.encode(JSON.stringify(value)));
    return { at, version: version + 1, waiting: waiting ? 1 : 0, iv, sealed };
  }

  async #open({ at, version, iv, sealed }) {
    const additionalData = this.#bound(at, version);
    return JSON.parse(utf8.decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, this.key, sealed)));
  }
}

function openDatabase(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    const late = setTimeout(() => reject(new Error("the storage does not answer")), LIMIT_MS);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(KEYS);
      request.result.createObjectStore(RECORDS, { keyPath: "at" });
      request.result.createObjectStore(FACTS);
    };
    request.onsuccess = () => { clearTimeout(late); resolve(request.result); };
    request.onerror = () => { clearTimeout(late); reject(request.error); };
  });
}

// Two tabs may come here at once: whoever is second takes the key of the first.
async function deviceKey(db) {
  const kept = await answer(db.transaction(KEYS).objectStore(KEYS).get("device"));
  if (kept) return kept;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(KEYS, "readwrite", { durability: "strict" });
    const keys = transaction.objectStore(KEYS);
    let key = made;
    keys.get("device").onsuccess = ({ target }) => {
      if (target.result) key = target.result;
      else keys.put(made, "device");
    };
    transaction.oncomplete = () => resolve(key);
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
  });
}

function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const isFull = (error) => error?.name === "QuotaExceededError";
