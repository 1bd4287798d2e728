// Which screen comes next, and what is wrong with an answer: feedback_app/journey/path.py and the forms, for a tablet
// without a network. When its answers are taken in, those decide.
"use strict";
self.outreach = {};
(() => {
  const holds = (rule, live) => {
    if (!rule) return true;
    const inside = (one) => holds(one, live);
    const given = live[rule.of] ?? [];
    const [value] = rule.values;
    const number = rule.counted ? given.length : Number.parseFloat(given[0]);
    switch (rule.is) {
      case "and": return rule.rules.every(inside);
      case "or": return rule.rules.some(inside);
      case "not": return !inside(rule.rules[0]);
      case "answered": return given.length > 0;
      case "==": return rule.counted ? number === Number(value) : given.length === 1 && given[0] === value;
      case "!=": return rule.counted ? number !== Number(value) : !(given.length === 1 && given[0] === value);
      case "in":
      case "any-in": return given.some((one) => rule.values.includes(one));
      case "all-in": return given.length > 0 && given.every((one) => rule.values.includes(one));
      case ">": return number > Number(value);
      case "<": return number < Number(value);
      case ">=": return number >= Number(value);
      case "<=": return number <= Number(value);
    }
    throw new Error(`There is no rule "${rule.is}".`);
  };

  // The answers of one screen, by their stable names: a list for each, empty when it was left blank.
  const answersOf = (screen, fields) => {
    const found = {};
    for (const [name, from] of Object.entries(screen.items)) {
      found[name] = (fields ?? []).filter(([field, value]) => from.includes(field) && value.trim()).map(([, value]) => value);
    }
    return found;
  };

  // The screens that a person passes, and the parts these are in.
  outreach.walk = (survey, person) => {
    const screens = [];
    const parts = [];
    const live = {};
    let number = 0;
    while (number < survey.parts.length) {
      const part = survey.parts[number];
      if (!holds(part.when, live)) {
        number += 1;
        continue;
      }
      if (part.shown) parts.push(number);
      const skipped = person.skipped.includes(part.id);
      for (const screen of survey.screens.filter((one) => one.part === number)) {
        if (skipped && !screen.opens && screen.kind !== "help") continue;
        if (!holds(screen.when, live)) continue;
        const before = person.screens[screen.kind === "feedback" ? screen.question : screen.id];
        if (screen.kind === "feedback" && !before?.some(([, value]) => value)) continue;
        screens.push(screen);
        if (!skipped && screen.kind === "question" && before) Object.assign(live, answersOf(screen, before));
        if (screen.required && !live[screen.asked]?.length) {
          survey.parts.forEach((later, place) => place > number && later.shown && !later.when && parts.push(place));
          return { screens, parts, live };
        }
      }
      const way = part.next.find((jump) => holds(jump.when, live));
      number = way ? way.goto : number + 1;
    }
    return { screens, parts, live };
  };

  const ZEROS = [0x30, 0x660, 0x6f0]; // of Latin, Arabic and Urdu digits
  const digit = (letter) => {
    const zero = ZEROS.find((one) => letter.charCodeAt() >= one && letter.charCodeAt() < one + 10);
    return zero === undefined ? "?" : letter.charCodeAt() - zero;
  };
  const digits = (words) => (words.length < 10 ? Number([...words].map(digit).join("") || "?") : Number.NaN);

  // What is wrong with what stands in the fields of a screen: the field, the message, and what fills it; or nothing.
  outreach.wrong = (screen, fields) => {
    const { check } = screen;
    const all = (name) => fields.filter(([field, value]) => field === name && value.trim()).map(([, value]) => value.trim());
    const one = (name) => all(name)[0] ?? "";
    const ticked = all("answer");
    if (screen.required && !ticked.length) return ["answer", "one"];
    if (check.most && ticked.length > check.most) return ["answer", "most", { number: check.most }];
    if (check.alone && ticked.length > 1 && ticked.some((value) => check.alone.includes(value))) return ["answer", "alone"];
    for (const [name, most] of Object.entries(check.longest ?? {})) {
      const closed = check.boxes && !ticked.some((value) => check.boxes.includes(value));
      if (!closed && [...one(name)].length > most) return [name, "long", { number: most }];
    }
    for (const [place, name] of (check.places ?? []).entries()) {
      const earlier = check.places.slice(0, place).map(one);
      if (one(name) && earlier.includes("")) return [name, "order"];
      if (one(name) && earlier.includes(one(name))) return [name, "once"];
    }
    if (check.number) {
      const [number, most] = check.number;
      const said = digits(one("answer"));
      if (all("instead").length + ticked.length > 1) return ["answer", "both"];
      if (ticked.length && !(said >= number && said <= most)) return ["answer", "number", { number, most }];
    }
    return check.date ? wrongDate(check.date, one, all("instead").length) : null;
  };

  const wrongDate = (boxes, one, instead) => {
    const names = Object.keys(boxes);
    const written = names.filter(one);
    if (instead + (written.length > 0) > 1) return [names[0], "both"];
    if (!written.length) return null;
    for (const name of names) {
      const [number, most] = boxes[name];
      if (!one(name)) return [name, "whole"];
      if (!(digits(one(name)) >= number && digits(one(name)) <= most)) return [name, name, { number, most }];
    }
    if (!boxes.day) return null;
    const last = new Date(digits(one("year")), digits(one("month")), 0).getDate();
    return digits(one("day")) > last ? ["day", "noday"] : null;
  };
})();
