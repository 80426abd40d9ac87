// Faults to switch on, what banks do, and starting over.

import { bank } from "./bank.js";
import { h } from "./dom.js";
import { post } from "./net.js";

const FAULTS = [
  ["stripe-away", "Stripe is away", "Its API does not answer"],
  ["stripe-silent", "Stripe is silent", "Payments are taken, no webhook tells of them"],
  ["slack-slow", "Slack is slow", "Each call takes two seconds"],
  ["twice", "Everything twice", "Each tap, message and webhook is delivered two times"],
];

export function moreMenu(panel, opener, { restart }) {
  const switches = new Map(FAULTS.map(([name]) => [name, h("input", { type: "checkbox", role: "switch", onchange: (event) => post("/_sandbox/faults", { name, on: event.target.checked }) })]));
  const banks = bank();
  panel.append(
    h("h2", {}, "Make something go wrong"),
    ...FAULTS.map(([name, words, about]) => h("label", { class: "switch" }, switches.get(name), h("span", {}, h("b", {}, words), h("small", {}, about)))),
    h("h2", {}, "What the banks do"),
    banks.list,
    h("h2", {}, "Begin again"),
    h("div", { class: "dialog-row" },
      h("button", { type: "button", onclick: () => { close(); restart(false); } }, "Start over"),
      h("button", { type: "button", onclick: () => { close(); restart(true); } }, "Start empty")),
  );
  const close = () => { panel.hidden = true; opener.setAttribute("aria-expanded", "false"); };
  opener.addEventListener("click", () => {
    panel.hidden = !panel.hidden;
    opener.setAttribute("aria-expanded", String(!panel.hidden));
    if (panel.hidden) return;
    panel.querySelector("input").focus();
    banks.look();
  });
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") { close(); opener.focus(); } });
  document.addEventListener("mousedown", (event) => { if (!panel.hidden && !panel.contains(event.target) && event.target !== opener) close(); });
  return {
    world(world) {
      for (const [name, box] of switches) box.checked = world.faults.includes(name);
      opener.classList.toggle("alarm", world.faults.length > 0);
    },
  };
}
