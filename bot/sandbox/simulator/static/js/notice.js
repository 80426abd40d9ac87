// One line under the bar about what has just happened, and things that the page could not draw.

import { h } from "./dom.js";

let timer = 0;

export function notice(words, kind = "plain", stay = false) {
  const line = document.getElementById("notice");
  clearTimeout(timer);
  line.hidden = !words;
  line.className = `notice ${kind}`;
  line.textContent = words;
  if (words && !stay) timer = setTimeout(() => { line.hidden = true; }, 6000);
}

window.__undrawn = [];

// A visible error in place of what the product sent and this page cannot show.
export function undrawn(where, thing) {
  const report = { where, type: thing?.type ?? typeof thing, thing };
  window.__undrawn.push(report);
  fetch("/_sandbox/undrawn", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(report),
  });
  return h("p", { class: "undrawn", role: "alert" }, `Cannot draw ${where}: ${report.type}`);
}
