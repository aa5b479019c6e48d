// The only script of a review: one key per decision, and a word if it could not be saved. Without it the buttons work.
"use strict";
const said = document.getElementById("said");
let busy = false;
const tell = (words, wrong) => { said.textContent = words; said.classList.toggle("wrong", wrong); };
const send = async (form, button) => {
  if (busy) return;
  busy = true;
  tell("Saving …", false);
  const values = new URLSearchParams(new FormData(form));
  if (button && button.name) values.set(button.name, button.value);
  try {
    const answer = await fetch(form.action, { method: "POST", body: values, headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (told.next) { location.assign(told.next); return; }
    tell(told.error, true);
  } catch (error) {
    tell("Not saved: the review has ended. Start it again; what was saved before is in the file.", true);
  }
  busy = false;
};
document.querySelectorAll("form").forEach((form) => form.addEventListener("submit", (event) => {
  event.preventDefault();
  send(form, event.submitter);
}));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const target = document.querySelector('[data-key="' + CSS.escape(event.key.toLowerCase()) + '"]');
  if (target) { event.preventDefault(); target.click(); }
});
// A page that was left and is shown again from memory is old: what it says may have been taken back.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
