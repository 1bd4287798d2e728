// Sends a page's answers. When the signal is bad the page stays, with all that was typed, and tries until they are sent.
(() => {
  const form = document.getElementById("answer");
  const line = document.getElementById("sending");
  const [slow, failed] = line.children;
  let pressed, running, timer, wait;

  const show = (shown) => [slow, failed].forEach((one) => (one.hidden = one !== shown));
  const send = async () => {
    clearTimeout(timer);
    const mine = (running = new AbortController());
    const late = [setTimeout(() => failed.hidden && show(slow), 1000), setTimeout(() => mine.abort(), 20000)];
    const body = new URLSearchParams(new FormData(form));
    body.append(pressed.name, pressed.value);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Sent-By": "script" }, signal: mine.signal });
      if (/50[234]/.test(answer.status)) throw 0;
      const next = answer.headers.get("Location");
      const page = next || await answer.text();
      if (mine !== running) return;
      if (next) return location.assign(next);
      document.open();
      document.write(page);
      document.close();
      document.querySelector(".problem")?.focus();
    } catch {
      if (mine !== running) return;
      running = 0;
      show(failed);
      line.scrollIntoView({ block: "nearest" });
      timer = setTimeout(send, wait);
      wait = Math.min(wait * 2, 60000);
    } finally {
      late.forEach(clearTimeout);
    }
  };

  form.onsubmit = (event) => {
    if (!event.submitter) return;
    event.preventDefault();
    if (running && pressed === event.submitter) return;
    pressed = event.submitter;
    wait = 2000;
    send();
  };
  failed.lastElementChild.onclick = send;
  addEventListener("online", () => failed.hidden || running || send());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  // "Leave" empties the page at once, also while its answer is on the way.
  document.querySelector(".leave").onsubmit = () => { document.body.hidden = true; };
})();
