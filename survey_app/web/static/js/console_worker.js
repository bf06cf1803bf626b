// Lets the console of one interview open without a network. Each console has a worker of its own: its scope is the
// console's address, so no other page of the service ever passes through it.
//
// VERSION, FILES (scripts of the console, fonts) and WIPE stand above: survey_app/web/console_files.py puts them there.
// Kept are the shell, which says nothing, and what it names. Never kept: what was said (that is in the vault, encrypted)
// and any other page. The addresses of files carry their version, so a kept file is never out of date, and a new shell
// is kept only when all that it names has been.
"use strict";

importScripts(WIPE);

const SHELL = new URL(self.registration.scope).pathname;
const OWN = `konsola ${SHELL} `;
const CACHE = OWN + VERSION;
const SLOW_MS = 3000;
const KEPT_PATHS = ["/static/", "/panel/konsola-pliki/"];
const NAMED = /(?:href|src)="([^"#]+)"/g;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES);
    await keepShell(await fetch(SHELL, { credentials: "same-origin", redirect: "error" }));
    // An open page has all of its scripts already: it is not disturbed.
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith(OWN) && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
    await self.wipeOldCopies();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === SHELL) event.respondWith(shell(event));
  else if (KEPT_PATHS.some((path) => pathname.startsWith(path))) event.respondWith(file(request));
});

async function shell(event) {
  await self.wipeOldCopies();
  const network = fetch(event.request);
  event.waitUntil(network.then((answer) => keepShell(answer.clone())).catch(() => {}));
  const slow = new Promise((resolve) => { setTimeout(resolve, SLOW_MS, null); });
  const answer = await Promise.race([network.catch(() => null), slow]);
  // A redirection (to the log-in) is an answer; a proxy that does not find the service is none.
  if (answer && answer.status < 500) return answer;
  const cache = await caches.open(CACHE);
  return (await cache.match(SHELL, { ignoreVary: true })) ?? network;
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function keepShell(answer) {
  if (!answer.ok || answer.redirected || !answer.headers.get("Content-Type")?.startsWith("text/html")) return;
  const cache = await caches.open(CACHE);
  const words = await answer.clone().text();
  const named = [...words.matchAll(NAMED)].map(([, address]) => address.replaceAll("&amp;", "&"));
  for (const address of new Set(named)) {
    if (!KEPT_PATHS.some((path) => address.startsWith(path))) continue;
    if (!(await cache.match(address, { ignoreVary: true }))) await cache.add(address);
  }
  await cache.put(SHELL, answer);
}
