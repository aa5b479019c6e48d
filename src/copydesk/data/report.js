// The page's only script: filters over the rules, and everything unfolded on paper. Without it the page is complete.
"use strict";
const form = document.getElementById("filter");
if (form) {
  const rules = [...document.querySelectorAll("#rules > .rule")];
  const words = rules.map((rule) => rule.textContent.toLowerCase());
  const show = () => {
    const wanted = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const actions = [...form.querySelectorAll("input[name=action]:checked")].map((box) => box.value);
    let shown = 0;
    rules.forEach((rule, i) => {
      rule.hidden = !(actions.includes(rule.dataset.action) && wanted.every((word) => words[i].includes(word)));
      shown += rule.hidden ? 0 : 1;
    });
    form.querySelector("output").textContent = shown + " of " + rules.length + " rules";
  };
  const unfold = (open) => rules.forEach((rule) => { rule.open = open && !rule.hidden; });
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.elements.all.addEventListener("click", (event) => {
    const open = event.target.textContent === "Unfold all";
    unfold(open);
    event.target.textContent = open ? "Fold all" : "Unfold all";
  });
  show();
}
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  folded.forEach((part) => { part.open = true; });
});
addEventListener("afterprint", () => { folded.forEach((part) => { part.open = false; }); });
