// Single keys (WCAG 2.1.4): never while somebody writes, never with a modifier, and not where they were switched off.

const SETTING = "cordon-keys";

export function keysAreOn() {
  try {
    return localStorage.getItem(SETTING) !== "off";
  } catch {
    return true;
  }
}

export function switchKeys(on) {
  try {
    localStorage.setItem(SETTING, on ? "on" : "off");
  } catch {
    // Without storage the setting lasts as long as the page.
  }
}

function isWriting(element) {
  if (element.closest("dialog[open]")) return true;
  const name = element.tagName;
  if (name === "INPUT") return !["checkbox", "radio", "button", "submit"].includes(element.type);
  return name === "TEXTAREA" || name === "SELECT";
}

// Calls the handler of a key; a handler that returns false leaves the key to the browser.
export function onKeys(handlers) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isWriting(event.target)) return;
    const handler = handlers[event.key];
    if (!handler || (!keysAreOn() && event.key !== "?")) return;
    if (handler(event) !== false) event.preventDefault();
  });
}
