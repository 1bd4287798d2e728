// On a shared tablet: asks "Are you still there?" half a minute before the wipe, keeps the help page at hand, and never
// shows a page from before.
"use strict";
(() => {
  const { idle, way } = document.currentScript.dataset;
  const longest = idle * 60000;
  const half = 30000;
  let pressed = Date.now();
  let told = pressed;
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/class-sw.js").catch(() => {});
  addEventListener("DOMContentLoaded", () => {
    const dialog = document.getElementById("idle");
    if (!dialog) return;
    const here = () => {
      pressed = Date.now();
      if (pressed - told < half) return;
      told = pressed;
      fetch(way + "stay", { method: "POST" }).catch(() => {});
    };
    for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
      addEventListener(kind, () => dialog.open || here(), { passive: true, capture: true });
    }
    dialog.addEventListener("close", here);
    const timer = setInterval(() => {
      if (!dialog.isConnected) return clearInterval(timer); // sending.js put another page in the place of this one
      const quiet = Date.now() - pressed;
      if (quiet >= longest) document.getElementById("wipe").submit();
      else if (quiet >= longest - half && !dialog.open) dialog.showModal();
    }, 1000);
  });
})();
