// The queue with keys: j/k move, Enter opens, x ticks, a letter does the page's step, ? shows the keys.

import { keysAreOn, onKeys, switchKeys } from "./keys.js";

const rows = [...document.querySelectorAll("table.queue tbody tr")];
const dialog = document.getElementById("keys");
const primary = document.querySelector("button[data-key]");
const ticked = document.getElementById("ticked");
let current = -1;

const box = (row) => row?.querySelector("input[type=checkbox]");

function move(by) {
  if (rows.length === 0) return;
  rows[current]?.classList.remove("current");
  current = Math.min(rows.length - 1, Math.max(0, current + by));
  rows[current].classList.add("current");
  const anchor = rows[current].querySelector("td.item a");
  anchor?.focus({ preventScroll: true });
  rows[current].scrollIntoView({ block: "nearest" });
}

function count() {
  if (!ticked) return;
  const number = rows.filter((row) => box(row)?.checked).length;
  ticked.textContent = number === 0 ? "" : `${number} / ${rows.length}`;
  if (primary) primary.classList.toggle("ready", number > 0);
}

function tick() {
  const input = box(rows[current]);
  if (!input) return false;
  input.checked = !input.checked;
  count();
}

function tickAll() {
  const inputs = rows.map(box).filter(Boolean);
  const all = inputs.every((input) => input.checked);
  for (const input of inputs) input.checked = !all;
  count();
}

function act() {
  if (!primary) return false;
  // With nothing ticked the step is for the row that one is on.
  if (!rows.some((row) => box(row)?.checked) && box(rows[current])) {
    box(rows[current]).checked = true;
    count();
  }
  primary.click();
}

function showKeys() {
  if (dialog && !dialog.open) dialog.showModal();
}

for (const [position, row] of rows.entries()) {
  row.addEventListener("focusin", () => {
    rows[current]?.classList.remove("current");
    current = position;
    row.classList.add("current");
  });
  row.addEventListener("change", count);
}

const handlers = {
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  x: tick,
  "*": tickAll,
  "?": showKeys,
};
if (primary) handlers[primary.dataset.key] = act;
onKeys(handlers);

const button = document.getElementById("show-keys");
if (button) {
  button.hidden = false;
  button.addEventListener("click", showKeys);
}
const setting = document.getElementById("keys-on");
if (setting) {
  setting.checked = keysAreOn();
  setting.addEventListener("change", () => switchKeys(setting.checked));
}
count();
