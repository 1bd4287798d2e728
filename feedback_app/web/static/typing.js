// Typing a paper form in: Enter goes to the next box, as Tab does. Without this, Enter keeps the part and goes on.
document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (event.key !== "Enter" || event.isComposing || !box.matches(".paper-part input")) return;
  event.preventDefault();
  const stops = [...box.form.querySelectorAll("input:not([type=hidden]), textarea, button.main")];
  stops[stops.indexOf(box) + 1].focus();
});
