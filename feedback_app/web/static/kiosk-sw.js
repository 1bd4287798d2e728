// The worker of a shared tablet: keeps the help page, and on an outreach tablet the survey, for when there is no network.
// It keeps no page with an answer on it. What it keeps is said in HELD, which the server writes above; when that is null
// this browser is no tablet any more, and the worker takes itself away.
"use strict";
const NAME = "class";
const kept = HELD && new Set([...HELD.help, ...HELD.pages, ...HELD.styles, ...HELD.files]);

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(HELD ? clients.claim() : leave()));

async function fill() {
  skipWaiting();
  await caches.delete(NAME);
  if (!HELD) return;
  const cache = await caches.open(NAME);
  await cache.addAll([...kept]);
  for (const style of HELD.styles) {
    const text = await (await cache.match(style)).text();
    const fonts = [...text.matchAll(/url\(["']?([^"')]+)/g)].map(([, file]) => new URL(file, new URL(style, location)));
    await cache.addAll(fonts.filter((file) => file.origin === location.origin));
  }
}

async function leave() {
  await caches.delete(NAME);
  await registration.unregister();
}

// The kept page for an address: a help page's is the same wherever it was asked for.
const page = (path) =>
  HELD.pages.find((one) => one === path) ?? HELD.help.find((one) => path === one || path.startsWith(`${one}/`));

async function fresh(request, path) {
  try {
    const answer = await fetch(request);
    if (answer.status < 500) return answer;
  } catch {
    // No network: what was kept is shown.
  }
  return (await caches.match(path)) ?? Response.error();
}

// Help is a button on a page with answers: without a network it leads to the help page that was kept.
async function pressed(request) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch {
    const go = new URLSearchParams(await copy.text()).get("go");
    const language = new URL(copy.url).pathname.split("/")[1];
    if (go !== "help") return Response.error();
    // As the server answers static/sending.js, and as it answers a browser.
    if (copy.headers.has("X-Sent-By")) return new Response(null, { status: 204, headers: { Location: `/${language}/help` } });
    return Response.redirect(`/${language}/help`, 303);
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (!HELD || address.origin !== location.origin) return;
  if (request.method === "POST" && (request.mode === "navigate" || request.headers.has("X-Sent-By"))) {
    event.respondWith(pressed(request));
  }
  if (request.method !== "GET") return;
  const path = request.mode === "navigate" ? page(address.pathname) : null;
  if (path) event.respondWith(fresh(request, path));
  else if (address.pathname.startsWith(HELD.static)) {
    event.respondWith(caches.match(request).then((found) => found ?? fetch(request)));
  }
});
