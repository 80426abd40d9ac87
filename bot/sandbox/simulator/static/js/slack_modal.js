// Slack's modals: a stack of which the top is drawn, inside the Slack client.

import { h, icon } from "./dom.js";
import { trap } from "./dialogs.js";
import { drawBlocks } from "./slack_blocks.js";
import { room } from "./slack_room.js";

export function modals(section, { act, context }) {
  let veil = null;
  let key = null;
  let before = null;
  const drafts = new Map();

  function show(view) {
    const top = view.modals.at(-1);
    for (const id of drafts.keys()) if (!view.modals.some((one) => one.id === id)) drafts.delete(id);
    if (!top) return clear();
    const now = JSON.stringify([top.id, top.hash, top.errors, top.blocks]);
    if (now === key) return undefined;
    const sameView = veil?.dataset.view === top.id;
    const focused = sameView && veil.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    if (!veil) before = document.activeElement;
    veil?.remove();
    key = now;
    veil = build(top, view.modals.length > 1);
    section.append(veil);
    focus(focused, top);
    return undefined;
  }

  function focus(again, top) {
    const all = [...veil.querySelectorAll("[data-focus]")];
    const wrong = Object.keys(top.errors).length ? veil.querySelector("[aria-invalid]") : null;
    (wrong ?? all.find((one) => one.dataset.focus === again) ?? veil.querySelector("[autofocus]") ?? all[0] ?? veil.querySelector(".sk-button.primary, .x"))?.focus();
  }

  function build(top, stacked) {
    const draft = drafts.get(top.id) ?? {};
    drafts.set(top.id, draft);
    const close = () => act("close", { view: top.id });
    const place = { view: top.id };
    const submit = async (event) => {
      event.preventDefault();
      const button = form.querySelector("[type=submit]");
      if (!button || button.disabled) return;
      button.disabled = true;
      const inputs = top.blocks.filter((block) => block.type === "input");
      const values = Object.fromEntries(inputs.map((block) => [block.block_id, { [block.element.action_id]: inside.raw(block, block.element) }]));
      await act("submit", { view: top.id, values });
      button.disabled = false;
    };
    const inside = room({ place, act, values: top.state.values, errors: top.errors, draft, host: section, ...context() });
    const form = h(
      "form",
      { class: "sk-modal", role: "dialog", "aria-modal": "true", "aria-label": top.title.text, novalidate: true, onsubmit: submit },
      h("header", {}, h("h2", {}, top.title.text),
        h("button", { type: "button", class: "x round", "aria-label": "Close", onclick: close }, icon(stacked ? "back" : "close"))),
      h("div", { class: "sk-blocks" }, drawBlocks(top.blocks, inside)),
      h("footer", {},
        h("button", { type: "button", class: "sk-button", onclick: close }, top.close?.text ?? "Cancel"),
        top.submit ? h("button", { type: "submit", class: "sk-button primary" }, top.submit.text) : null),
    );
    const made = h("div", { class: "sk-veil", data: { view: top.id } }, form);
    made.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.stopPropagation(); close(); }
      if (event.key === "Tab") trap(event, form);
    });
    return made;
  }

  function clear() {
    if (!veil) return;
    veil.remove();
    veil = key = null;
    drafts.clear();
    if (before?.isConnected) before.focus(); else section.querySelector(".composer textarea")?.focus();
  }

  return { show, clear };
}
