// The calls between the product and the services, newest first, for the curious.

import { h } from "./dom.js";
import { dayAndClock } from "./times.js";

const KEPT = 300;
const NAMES = { telegram: "Telegram", slack: "Slack", stripe: "Stripe" };

export function callLog(drawer, opener) {
  const rows = h("tbody");
  const waiting = [];
  let planned = false;
  const table = h("table", {},
    h("thead", {}, h("tr", {}, ["When", "From", "To", "What", "Answer"].map((words) => h("th", { scope: "col" }, words)))), rows);
  drawer.append(h("header", {}, h("h2", {}, "Calls"), h("button", { type: "button", onclick: () => rows.replaceChildren() }, "Clear")),
    h("div", { class: "calls", tabindex: "0", role: "region", "aria-label": "Calls" }, table));

  opener.addEventListener("click", () => {
    drawer.hidden = !drawer.hidden;
    opener.setAttribute("aria-expanded", String(!drawer.hidden));
    document.body.classList.toggle("with-log", !drawer.hidden);
  });

  function flush() {
    planned = false;
    rows.prepend(...waiting.splice(0).reverse().map(row));
    while (rows.childElementCount > KEPT) rows.lastChild.remove();
  }

  function row(call) {
    const service = NAMES[call.service];
    const page = call.direction === "in" && call.service === "stripe" && call.name.includes("/pay/");
    const product = page ? "Browser" : "Rapport";
    const [from, to] = call.direction === "in" ? [product, service] : [service, product];
    const good = call.status >= 200 && call.status < 400;
    return h("tr", { class: good ? "" : "failed" }, h("td", {}, dayAndClock(call.at)), h("td", {}, from), h("td", {}, to),
      h("td", {}, h("code", {}, call.name.includes(" ") || call.direction === "in" && call.service !== "stripe" ? call.name : `${call.method} ${call.name}`)),
      h("td", {}, call.status ? String(call.status) : "no answer"));
  }

  return {
    add(call) {
      waiting.push(call);
      if (waiting.length > KEPT) waiting.shift();
      if (!planned) { planned = true; setTimeout(flush, 150); }
    },
  };
}
