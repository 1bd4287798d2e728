// One person after another answers on a tablet without a network. What they answer is in this page's memory until they
// press Send: then it is sealed, kept, and forgotten here. Left alone, it is forgotten unsealed.
"use strict";
document.addEventListener("DOMContentLoaded", async () => {
  const survey = JSON.parse(document.getElementById("survey").dataset.survey);
  const between = document.getElementById("between");
  const asking = document.getElementById("asking");
  const still = document.getElementById("still");
  const told = document.getElementById("told");
  const address = location.pathname;
  let person = null;
  let pressed = Date.now();
  let sending = false;

  const say = (name, values = {}) => {
    const said = survey.say[name];
    return (typeof said === "string" ? said : said[values.number]).replace(/\{(\w+)\}/g, (_, key) => values[key]);
  };
  const tell = (name, values) => { told.textContent = name ? say(name, values) : ""; };

  const count = async () => {
    const { bundles, lost, hours } = await outreach.waiting();
    document.getElementById("waiting").textContent = say("waiting", { number: bundles.length });
    document.getElementById("hours").textContent = bundles.length ? say("hours", { number: hours }) : "";
    document.getElementById("send").hidden = !bundles.length;
    document.getElementById("lost").hidden = !lost;
    document.getElementById("lost-words").textContent = say("lost", { number: lost });
  };

  const send = async () => {
    if (sending) return;
    sending = true;
    const { sent, refused, why } = await outreach.send(address);
    sending = false;
    if (why) tell(why);
    else if (refused) tell("refused", { number: refused });
    else if (sent) tell("sent", { number: sent });
    await count();
  };

  const forget = () => {
    person = null;
    asking.replaceChildren();
    document.getElementById("answer").reset();
    asking.hidden = true;
    between.hidden = false;
    for (const place of document.querySelectorAll(".home, footer")) place.hidden = false;
    if (still.open) still.close();
    between.querySelector("h1").focus();
    count();
  };

  const fields = () =>
    [...asking.querySelectorAll("input, select, textarea")]
      .filter((box) => box.name && (!["radio", "checkbox"].includes(box.type) || box.checked))
      .map((box) => [box.name, box.value]);

  const refill = (kept) => {
    for (const box of asking.querySelectorAll("input, select, textarea")) {
      const values = kept.filter(([name]) => name === box.name).map(([, value]) => value);
      if (["radio", "checkbox"].includes(box.type)) box.checked = values.includes(box.value);
      else if (values.length) [box.value] = values;
    }
  };

  // The words of an earlier answer, as the person saw them.
  const wordsOf = (name) => {
    const screen = survey.screens.find((one) => one.items[name]);
    const page = document.querySelector(`template[data-screen="${CSS.escape(screen.id)}"]`).content;
    const said = (person.screens[screen.id] ?? []).filter(([field, value]) => value && screen.items[name].includes(field));
    const words = said.map(([field, value]) => {
      const box = [...page.querySelectorAll("input, option")].find((one) => one.value === value && (one.name ?? field) === field);
      const shown = box?.labels?.[0] ?? (box?.id && page.querySelector(`label[for="${CSS.escape(box.id)}"]`)) ?? box;
      return (shown?.querySelector?.("span:not(.drawing)") ?? shown)?.textContent.trim() || value;
    });
    return words.join(", ") || "…";
  };

  // Random order: the same for one person each time, as the server would make it (screens.in_order).
  const mix = async (screen) => {
    const places = await Promise.all(
      screen.mixed.map(async (value) => {
        const text = new TextEncoder().encode(`${person.seed}/${screen.asked}/${value}`);
        const digest = [...new Uint8Array(await crypto.subtle.digest("SHA-256", text))];
        const order = digest.map((one) => one.toString(16).padStart(2, "0")).join("");
        return [screen.apart.includes(value) ? `1${String(screen.mixed.indexOf(value)).padStart(4, "0")}` : `0${order}`, value];
      }),
    );
    for (const [, value] of places.sort(([one], [other]) => (one < other ? -1 : 1))) {
      for (const box of asking.querySelectorAll(`[value="${CSS.escape(value)}"]`)) {
        const line = box.closest(".choice") ?? (box.tagName === "OPTION" ? box : null);
        line?.parentElement.append(line);
      }
    }
  };

  const show = async (ident, trouble) => {
    person.at = ident;
    asking.replaceChildren(document.querySelector(`template[data-screen="${CSS.escape(ident)}"]`).content.cloneNode(true));
    const screen = survey.screens.find((one) => one.id === ident);
    if (screen) {
      const { parts } = outreach.walk(survey, person);
      const number = parts.indexOf(screen.part) + 1;
      const line = asking.querySelector(".part");
      line.replaceChildren(say("part", { number, total: parts.length }), ...line.querySelectorAll(".part-title"));
      Object.assign(asking.querySelector("progress"), { value: number, max: parts.length });
      if (screen.mixed.length) await mix(screen);
      for (const place of asking.querySelectorAll("[data-answer]")) place.textContent = wordsOf(place.dataset.answer);
      refill(person.screens[ident] ?? []);
    }
    if (trouble) complain(trouble);
    const first = asking.querySelector(".problem, h1");
    first.tabIndex = -1;
    first.focus();
    scrollTo(0, 0);
  };

  const complain = ([name, message, values]) => {
    const box = document.getElementById("problem").content.cloneNode(true);
    const link = box.querySelector("a");
    link.textContent = say(message, values);
    link.href = `#${asking.querySelector(`[name="${name}"]`).id}`;
    asking.prepend(box);
  };

  const onward = (ident) => {
    const { screens } = outreach.walk(survey, person);
    const place = screens.findIndex((one) => one.id === ident);
    return screens[place + 1]?.id ?? "last";
  };
  const backward = (ident) => {
    const { screens } = outreach.walk(survey, person);
    const place = ident === "last" ? screens.length : screens.findIndex((one) => one.id === ident);
    return place > 0 ? screens[place - 1].id : "start";
  };

  const finish = async () => {
    try {
      await outreach.keep(survey, person);
    } catch {
      return tell("full");
    }
    person = { seed: "", screens: {}, skipped: [] };
    return show("thanks");
  };

  const go = async (way) => {
    const at = person.at;
    const screen = survey.screens.find((one) => one.id === at);
    const part = screen && survey.parts[screen.part].id;
    tell("");
    if (way === "skip") {
      if (!person.skipped.includes(part)) person.skipped.push(part);
      return show(onward(at));
    }
    if (screen && Object.keys(screen.items).length) {
      const given = fields();
      const trouble = outreach.wrong(screen, given);
      if (trouble && way === "next") {
        person.screens[at] = given;
        return show(at, trouble);
      }
      if (!trouble) person.screens[at] = given;
      else delete person.screens[at];
      person.skipped = person.skipped.filter((one) => one !== part);
      const said = survey.consent === screen.id && given.find(([name]) => name === "answer");
      if (said && said[1] !== "yes" && way === "next") return finish();
    }
    return show(way === "back" ? backward(at) : onward(at));
  };

  addEventListener("pageshow", (event) => event.persisted && location.reload());
  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
    addEventListener(kind, () => { if (!still.open) pressed = Date.now(); }, { passive: true, capture: true });
  }
  still.addEventListener("close", () => { pressed = Date.now(); });
  document.querySelector("form.leave").addEventListener("submit", (event) => {
    event.preventDefault();
    forget();
  });
  document.getElementById("answer").addEventListener("submit", (event) => {
    event.preventDefault();
    if (person) go("next");
  });
  asking.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    event.preventDefault();
    if (button.id === "finish") finish();
    else if (button.id === "done") forget();
    else if (button.id === "first") show(outreach.walk(survey, person).screens[0].id);
    else if (button.name === "go") go(button.value);
  });
  document.getElementById("help").addEventListener("click", () => document.getElementById("help-now").showModal());
  document.getElementById("send").addEventListener("click", send);
  document.getElementById("read").addEventListener("click", () => outreach.lossIsRead().then(count));
  document.getElementById("begin").addEventListener("click", () => {
    person = { seed: outreach.random(4), screens: {}, skipped: [], at: "start" };
    between.hidden = true;
    asking.hidden = false;
    for (const place of document.querySelectorAll(".home, footer")) place.hidden = true;
    tell("");
    show("start");
  });
  setInterval(() => {
    const quiet = Date.now() - pressed;
    const longest = survey.idle * 60000;
    if (person && quiet >= longest) forget();
    else if (person && quiet >= longest - 30000 && !still.open) still.showModal();
    else if (!person && quiet % 60000 < 1000) count();
  }, 1000);

  if (!(await outreach.able())) {
    document.getElementById("cannot").hidden = false;
    return;
  }
  document.getElementById("ready").hidden = false;
  document.getElementById("begin").hidden = !survey.open;
  await count();
  addEventListener("online", () => { if (!person) send(); });
  if (navigator.onLine) await send();
});
