// A passkey that was refused, cancelled or not there is said beside its button, not in the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const note of document.querySelectorAll("[data-passkey-error]")) note.hidden = false;
});
