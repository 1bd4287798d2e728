// Passkeys (WebAuthn) on the staff pages. Without this script the six digits of an app do the same.
"use strict";
const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), one => one.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function read(options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of ["excludeCredentials", "allowCredentials"])
    for (const one of options[list] || []) one.id = bytes(one.id);
  return options;
}

function write(made) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (made.response[name]) response[name] = text(made.response[name]);
  return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async event => {
    event.preventDefault();
    try {
      let options = form.dataset.options;
      if (!options) {
        const asked = await fetch(form.dataset.optionsFrom, { method: "POST", body: new URLSearchParams({ csrf_token: form.csrf_token.value }) });
        options = await asked.text();
      }
      const made = await navigator.credentials[form.dataset.passkey]({ publicKey: read(JSON.parse(options)) });
      form.passkey.value = write(made);
      form.submit();
    } catch {
      form.querySelector("[role=status]").textContent = "The passkey did not answer. Please try again, or use another way.";
    }
  });
}
