// The blocks of Block Kit, in messages, modals and Home.

import { h } from "./dom.js";
import { undrawn } from "./notice.js";
import { markdown, richText, textObject } from "./mrkdwn.js";
import { drawElement } from "./slack_elements.js";

export function drawBlocks(blocks, room) {
  return blocks.map((block) => {
    const draw = DRAWN[block.type];
    return draw ? draw(block, room) : undrawn("a Slack block", block);
  });
}

function section(block, room) {
  return h("div", { class: "sk-section" },
    h("div", { class: "sk-text" },
      block.text ? h("div", {}, textObject(block.text, room)) : null,
      block.fields ? h("div", { class: "sk-fields" }, block.fields.map((field) => h("div", {}, textObject(field, room)))) : null),
    block.accessory ? h("div", { class: "sk-accessory" }, drawElement(block.accessory, block, room)) : null);
}

function context(block, room) {
  return h("div", { class: "sk-context" }, block.elements.map((one) => (one.type === "image" ? drawElement(one, block, room) : h("span", {}, textObject(one, room)))));
}

function input(block, room) {
  const error = room.errorOf(block);
  const grouped = ["radio_buttons", "checkboxes", "multi_static_select"].includes(block.element.type);
  const label = [textObject(block.label, room), block.optional ? h("small", {}, " (optional)") : null];
  return h("div", { class: `sk-field ${error ? "wrong" : ""}` },
    grouped ? h("span", { class: "sk-label" }, label) : h("label", { class: "sk-label", for: room.idOf(block) }, label),
    drawElement(block.element, block, room),
    error ? h("p", { class: "sk-error", id: `${room.idOf(block)}-error`, role: "alert" }, error) : null,
    block.hint ? h("p", { class: "sk-hint" }, textObject(block.hint, room)) : null);
}

function image(block, room) {
  const source = block.image_url ?? room.fileUrl?.(block.slack_file);
  return h("figure", { class: "sk-image" },
    block.title ? h("figcaption", {}, textObject(block.title, room)) : null,
    h("img", { src: source, alt: block.alt_text }));
}

const LEVELS = new Set(["default", "info", "warning", "error", "success"]);

function alert(block, room) {
  const level = block.level ?? "default";
  if (!LEVELS.has(level)) return undrawn("a Slack alert's level", { type: level });
  return h("div", { class: `sk-alert ${level}`, role: "note" }, textObject(block.text, room));
}

const DRAWN = {
  alert,
  header: (block, room) => h("h3", { class: "sk-header" }, textObject(block.text, room)),
  section,
  context,
  divider: () => h("hr"),
  actions: (block, room) => h("div", { class: "sk-actions" }, block.elements.map((one) => drawElement(one, block, room))),
  input,
  image,
  rich_text: (block, room) => richText(block, room),
  markdown: (block) => markdown(block.text),
};
