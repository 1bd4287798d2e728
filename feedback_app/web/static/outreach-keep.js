// Seals answers to the partnership's public key, keeps what was sealed until there is a network, and sends it. Nothing
// here can open what it sealed. The shape is that of feedback_app/core/sealing.py.
"use strict";
(() => {
  const HOURS = 24;
  const LOST = "lost";
  const bytes = (text) => new TextEncoder().encode(text);
  const hex = (given) => [...given].map((one) => one.toString(16).padStart(2, "0")).join("");
  const joined = (...parts) => new Uint8Array(parts.flatMap((part) => [...new Uint8Array(part)]));

  outreach.random = (length) => hex(crypto.getRandomValues(new Uint8Array(length)));

  outreach.able = async () => {
    try {
      await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
      await stored("readonly", (store) => store.count());
      return true;
    } catch {
      return false;
    }
  };

  const seal = async (key, text, place) => {
    const { subtle } = crypto;
    const theirs = Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0));
    const fresh = await subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
    const shown = await subtle.exportKey("raw", fresh.publicKey);
    const to = await subtle.importKey("raw", theirs, { name: "X25519" }, true, []);
    const shared = await subtle.deriveBits({ name: "X25519", public: to }, fresh.privateKey, 256);
    const root = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const derived = { name: "HKDF", hash: "SHA-256", salt: joined(shown, theirs), info: bytes("feedback seal v1") };
    const box = await subtle.deriveKey(derived, root, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytes(place) }, box, bytes(text));
    return joined([1], shown, iv, sealed);
  };

  const opened = () =>
    new Promise((done, fail) => {
      const asked = indexedDB.open("outreach", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("bundles", { keyPath: "id" });
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
    });
  const stored = async (mode, work) => {
    const base = await opened();
    return new Promise((done, fail) => {
      const all = base.transaction("bundles", mode, { durability: "strict" });
      const asked = work(all.objectStore("bundles"));
      all.oncomplete = () => done(asked.result);
      all.onabort = () => fail(all.error);
    }).finally(() => base.close());
  };

  // Keep one person's answers, sealed. When this is done they are on the tablet's disk.
  outreach.keep = async (survey, person) => {
    const id = outreach.random(16);
    const content = JSON.stringify({ seed: person.seed, skipped: person.skipped, screens: person.screens });
    const sealed = await seal(survey.key, content, `bundle/${id}/${survey.key_id}`);
    const { version, language, key_id } = survey;
    await stored("readwrite", (store) => store.add({ id, version, language, key_id, sealed, kept: Date.now() }));
  };

  // What waits. What is older than 24 hours is deleted, and counted until somebody has read how many it was.
  outreach.waiting = async () => {
    const all = await stored("readonly", (store) => store.getAll());
    const lost = all.find((one) => one.id === LOST)?.number ?? 0;
    const bundles = all.filter((one) => one.id !== LOST);
    const old = bundles.filter((one) => Date.now() - one.kept >= HOURS * 3600000);
    if (old.length) {
      await stored("readwrite", (store) => {
        for (const one of old) store.delete(one.id);
        return store.put({ id: LOST, number: lost + old.length });
      });
    }
    const fresh = bundles.filter((one) => !old.includes(one));
    const first = Math.min(...fresh.map((one) => one.kept));
    const hours = fresh.length ? Math.floor(HOURS - (Date.now() - first) / 3600000) : HOURS;
    return { bundles: fresh, lost: lost + old.length, hours };
  };

  outreach.lossIsRead = () => stored("readwrite", (store) => store.delete(LOST));

  // Send what waits, in an order that tells nothing. Tells how many went, and why the others did not.
  outreach.send = async (address) => {
    const { bundles } = await outreach.waiting();
    const mixed = bundles.map((one) => [outreach.random(4), one]).sort(([one], [other]) => (one < other ? -1 : 1));
    let sent = 0;
    let refused = 0;
    for (const [, one] of mixed) {
      const sealed = btoa(String.fromCharCode(...one.sealed)).replaceAll("+", "-").replaceAll("/", "_");
      const { id, language, key_id } = one;
      const body = new URLSearchParams({ id, version_hash: one.version, language, key_id, sealed });
      const answer = await fetch(address, { method: "POST", body }).catch(() => null);
      if (!answer || answer.status >= 500) return { sent, refused, why: "offline" };
      if (answer.status === 403) return { sent, refused, why: "code" };
      if (answer.ok) {
        await stored("readwrite", (store) => store.delete(one.id));
        sent += 1;
      } else refused += 1;
    }
    return { sent, refused, why: "" };
  };
})();
