// Keys of an item's page: y and n answer the question that has the focus and go on to the next.

import { onKeys } from "./keys.js";

const questions = [...document.querySelectorAll("fieldset.question")];

function answer(value) {
  const here = document.activeElement?.closest("fieldset.question");
  if (!here) return false;
  const input = here.querySelector(`input[value="${value}"]`);
  if (!input) return false;
  input.checked = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  const next = questions[questions.indexOf(here) + 1];
  const target = next ? next.querySelector("input") : document.getElementById("reasons");
  (target ?? input).focus();
}

onKeys({
  n: () => answer("no"),
  y: () => answer("yes"),
});

for (const question of questions) {
  const mark = () => question.classList.toggle("answered", question.querySelector("input:checked") !== null);
  question.addEventListener("change", mark);
  mark();
}
