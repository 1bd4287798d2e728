// A listen button beside each text that can be heard: a recording, else a voice that this device itself has for the
// page's language. Nothing plays by itself.
(() => {
  const words = document.currentScript.dataset;
  const speech = self.speechSynthesis;
  let pressed, sound, spoken;

  const voice = () => {
    const language = document.documentElement.lang;
    const own = speech ? speech.getVoices().filter((one) => one.localService && one.lang.toLowerCase().split(/[-_]/)[0] === language) : [];
    return own.find((one) => /GB/.test(one.lang)) || own[0];
  };
  const stop = () => {
    if (sound) sound.pause();
    if (spoken) speech.cancel();
    if (pressed) pressed.setAttribute("aria-pressed", false);
    pressed = sound = spoken = 0;
  };
  const speak = (text) => {
    const mine = (spoken = new SpeechSynthesisUtterance(text));
    mine.voice = voice();
    if (!mine.voice) return stop();
    mine.lang = mine.voice.lang;
    mine.onend = mine.onerror = () => spoken === mine && stop();
    speech.speak(mine);
  };
  const play = (files, text) => {
    const mine = (sound = new Audio(files[0]));
    mine.onended = () => files[1] ? play(files.slice(1), text) : stop();
    mine.play().catch(() => sound === mine && speak(text));
  };
  const add = () => document.querySelectorAll("[data-listen]").forEach((place) => {
    const { listen: text, sound: files } = place.dataset;
    if (place.heard || !(files || voice())) return;
    place.heard = true;
    const title = place.querySelector("h1") || place;
    const button = document.createElement("button");
    const name = files && !/synthetic/.test(files) ? words.name : words.computer;
    button.type = "button";
    button.className = "listen";
    button.textContent = place === title ? "" : name;
    button.setAttribute("aria-label", name + ": " + text);
    button.setAttribute("aria-pressed", false);
    button.onclick = () => {
      const again = pressed === button;
      stop();
      if (again) return;
      pressed = button;
      button.setAttribute("aria-pressed", true);
      files ? play(files.split(" "), text) : speak(text);
    };
    (title.closest("legend") || title).after(button);
  });

  add();
  if (speech) speech.onvoiceschanged = add;
  addEventListener("pagehide", stop);
})();
