// Keeps the board up to date: the server sends the part that changes as markup of its own.

const SILENCE = 6000;

const board = document.getElementById("board");
const live = document.getElementById("live");
let lastHeard = Date.now();

function heard() {
  lastHeard = Date.now();
  if (live.dataset.state !== "live") live.dataset.state = "live";
}

function replace(markup) {
  const before = new Map([...board.querySelectorAll("[data-key]")].map((link) => [link.dataset.key, link.textContent]));
  const focused = document.activeElement?.dataset?.key;
  const scrolled = [...board.querySelectorAll(".scroll")].map((frame) => frame.scrollLeft);
  board.innerHTML = markup;
  for (const [position, frame] of [...board.querySelectorAll(".scroll")].entries()) {
    frame.scrollLeft = scrolled[position] ?? 0;
  }
  for (const link of board.querySelectorAll("[data-key]")) {
    const old = before.get(link.dataset.key);
    if (old !== undefined && old !== link.textContent) link.classList.add("changed");
    if (focused !== undefined && link.dataset.key === focused) link.focus({ preventScroll: true });
  }
}

const source = new EventSource(board.dataset.events);
source.addEventListener("board", (event) => {
  heard();
  // Nobody's selection is taken away while they read it.
  if (!document.getSelection()?.isCollapsed && board.contains(document.getSelection()?.anchorNode)) return;
  replace(event.data);
});
source.addEventListener("beat", heard);
setInterval(() => {
  if (Date.now() - lastHeard > SILENCE) live.dataset.state = "stale";
}, 1000);
