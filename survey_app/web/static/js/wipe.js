// Takes what the console kept off this device: at the log-out, and some days after it was last touched.
// On every page of the staff, on the log-in page, and in the console's worker. It makes nothing and reads no words,
// unless somebody logs out while something waits: then it says what.
"use strict";

(() => {
  const COPY = "wywiady-";
  const SHELLS = "konsola ";
  const DAY_MS = 86400000;
  const DAYS = 7;
  const LIMIT_MS = 3000;

  const answer = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error ?? new Error("blocked"));
  });
  const within = (promise) => Promise.race([promise, new Promise((resolve) => { setTimeout(resolve, LIMIT_MS, null); })]);

  async function copies() {
    const found = (await self.indexedDB?.databases?.()) ?? [];
    return found.map(({ name }) => name).filter((name) => name?.startsWith(COPY));
  }

  function open(name) {
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => request.transaction.abort(); // there was none: none is made
    return answer(request);
  }

  function done(transaction) {
    return new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
  }

  // Emptied first: that waits for no other tab.
  async function remove(name) {
    const db = await open(name).catch(() => null);
    if (!db) return;
    if (db.objectStoreNames.length) {
      const transaction = db.transaction([...db.objectStoreNames], "readwrite", { durability: "strict" });
      for (const store of db.objectStoreNames) transaction.objectStore(store).clear();
      await done(transaction);
    }
    db.close();
    await answer(indexedDB.deleteDatabase(name)).catch(() => {});
  }

  async function isOld(name) {
    const db = await open(name);
    try {
      const transaction = db.transaction("facts", "readwrite");
      const facts = transaction.objectStore("facts");
      const copy = await answer(facts.get("copy"));
      if (!copy) return false; // being made just now
      // A clock that ran ahead and was set right must not keep the copy for longer.
      if (copy.touchedAt > Date.now()) facts.put({ ...copy, touchedAt: Date.now() }, "copy");
      return Date.now() - copy.touchedAt > (copy.days ?? DAYS) * DAY_MS;
    } finally {
      db.close();
    }
  }

  // The shells say nothing; they go with the last copy, and so do the workers that keep them.
  async function removeShells() {
    if ((await copies()).length) return;
    for (const name of (await self.caches?.keys()) ?? []) {
      if (name.startsWith(SHELLS)) await caches.delete(name);
    }
    for (const worker of (await navigator.serviceWorker?.getRegistrations()) ?? []) {
      if (new URL(worker.scope).pathname.endsWith("/konsola")) await worker.unregister();
    }
  }

  self.wipeOldCopies = async () => {
    try {
      let gone = false;
      for (const name of await copies()) {
        if (!(await isOld(name).catch(() => false))) continue;
        await within(remove(name));
        gone = true;
      }
      if (gone && self.document) await removeShells();
    } catch (error) {
      console.warn("old copies were not looked at:", error.name); // storage is forbidden: then nothing is there
    }
  };

  if (!self.document) return;

  // The log-out ---------------------------------------------------------------------------------------------------

  function counted(count, one, few, many) {
    const last = count % 10;
    const form = count === 1 ? one : last >= 2 && last <= 4 && !(count % 100 >= 12 && count % 100 <= 14) ? few : many;
    return `${count} ${form}`;
  }

  function element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  async function waitingIn(name) {
    const db = await open(name).catch(() => null);
    if (!db) return [];
    const rows = await answer(db.transaction("records").objectStore("records").getAll());
    db.close();
    return rows.filter(({ waiting, at }) => waiting && at[1] !== "part").map(({ at }) => at);
  }

  // What waits, by interview, decrypted with the key that is only here: to be counted in words, and for the file.
  async function told(form, waiting) {
    const { openVault } = await import(form.dataset.vault);
    const vault = await openVault(Number(form.dataset.person));
    const interviews = [];
    for (const interview of new Set(waiting.map(([number]) => number))) {
      const { found } = await vault.load(interview);
      const records = waiting.filter(([number]) => number === interview).map(([, kind, id]) => ({ kind, id, ...found.get(`${kind}:${id}`)?.value }));
      interviews.push({ interview, records, state: found.get("bundle:")?.value.state });
    }
    vault.close();
    return interviews;
  }

  function inWords({ interview, records }) {
    const notes = records.filter(({ kind }) => kind === "note").length;
    const others = records.length - notes;
    const parts = [notes && counted(notes, "notatka", "notatki", "notatek"), others && counted(others, "inna zmiana", "inne zmiany", "innych zmian")];
    return `Wywiad nr ${interview}: ${parts.filter(Boolean).join(" i ")}`;
  }

  function asText(interviews) {
    const lines = ["Zapisy konsoli, których serwis jeszcze nie miał", ""];
    for (const { interview, records, state } of interviews) {
      lines.push(`Wywiad nr ${interview}`, "");
      const questions = (state?.scenario.sections ?? []).flatMap((section) => section.questions);
      for (const record of records) {
        const question = questions.find(({ id }) => id === (record.question || record.id));
        if (question) lines.push([question.number, question.text].filter(Boolean).join(" "));
        lines.push(...wordsOf(record), "");
      }
    }
    return lines.join("\n");
  }

  function wordsOf({ kind, id, letter, text, quotation, deleted, agreed, evidence, fields, mark }) {
    const yes = { true: "tak", false: "nie" };
    if (kind === "note") return deleted ? ["(notatka usunięta)"] : [`${letter ?? "moderator"}${quotation ? ", dosłownie" : ""}: ${text}`];
    if (kind === "consent") return [`Zgoda osoby ${id}: ${yes[agreed] ?? "nie zapytano"}; zdanie jako podstawa kodu: ${yes[evidence] ?? "nie zapytano"}`];
    if (kind === "fields") return [`Osoba ${id}: ${Object.entries(fields ?? {}).map(([name, value]) => `${name}: ${value}`).join("; ")}`];
    if (kind === "mark") return [`oznaczenie: ${{ asked: "zadane", skipped: "pominięte", earlier: "odpowiedź padła wcześniej" }[mark] ?? "brak"}`];
    return [{ seat: `Dopisano osobę ${id}`, held: "Rozmowę zakończono" }[kind] ?? ""];
  }

  function download(interviews) {
    const address = URL.createObjectURL(new Blob([asText(interviews)], { type: "text/plain;charset=utf-8" }));
    element("a", { href: address, download: `notatki-z-konsoli-${new Date().toISOString().slice(0, 10)}.txt` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  }

  function linkTo(one) {
    const address = one.state?.addresses?.interview;
    const item = element("li", { textContent: inWords(one) });
    if (address) item.append(" – ", element("a", { href: `${address}/konsola`, textContent: "otwórz konsolę, żeby wysłać" }));
    return item;
  }

  // true: log out and lose it. Escape, like the first button, stays.
  function ask(interviews) {
    return new Promise((resolve) => {
      const saved = element("p", { className: "hint" });
      saved.setAttribute("role", "status");
      const button = (text, kind, act) => {
        const made = element("button", { type: "button", className: `button button-${kind}`, textContent: text });
        made.addEventListener("click", act);
        return made;
      };
      const dialog = element("dialog", { className: "logout-ask" },
        element("h2", { id: "wylogowanie", textContent: "Na tym urządzeniu coś czeka na wysłanie" }),
        element("ul", {}, ...interviews.map(linkTo)),
        element("p", { textContent: "Wylogowanie usuwa z tego urządzenia wszystko, co zachowała konsola. Czego serwis jeszcze nie ma, tego nie da się potem odzyskać." }),
        saved,
        element("div", { className: "actions" },
          button("Zostaję", "primary", () => dialog.close()),
          button("Pobierz jako plik", "secondary", () => {
            download(interviews);
            saved.textContent = "Plik jest w pobranych. Każdy, kto go otworzy, może go przeczytać: po przepisaniu notatek prosimy go usunąć.";
          }),
          button("Wyloguj i usuń", "secondary", () => dialog.close("leave"))));
      dialog.setAttribute("aria-labelledby", "wylogowanie");
      dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "leave"); });
      document.body.append(dialog);
      dialog.showModal();
    });
  }

  async function mayLeave(form) {
    const waiting = await within(waitingIn(COPY + form.dataset.person));
    if (!waiting?.length) return true;
    const interviews = await told(form, waiting).catch(() => [{ interview: "?", records: waiting.map(([, kind, id]) => ({ kind, id })) }]);
    return ask(interviews);
  }

  async function leave(form) {
    try {
      if (!(await mayLeave(form))) return;
      await within(remove(COPY + form.dataset.person));
      await within(removeShells());
    } catch (error) {
      console.warn("the copy was not removed:", error.name); // nobody is kept from logging out by that
    }
    form.submit();
  }

  const form = document.querySelector("form.logout[data-person]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    leave(form);
  });
  self.wipeOldCopies();
})();
