// The interactive elements of Block Kit.

import { h, icon } from "./dom.js";
import { undrawn } from "./notice.js";
import { textObject } from "./mrkdwn.js";

// What a stored state holds, in the form in which a choice is sent.
export function rawOf(state) {
  if (!state) return null;
  if ("selected_option" in state) return state.selected_option?.value ?? null;
  if ("selected_options" in state) return (state.selected_options ?? []).map((option) => option.value);
  for (const field of ["selected_user", "selected_date", "selected_time", "selected_date_time", "value"]) {
    if (field in state) return state[field];
  }
  return null;
}

export const optionsOf = (element) => [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];

// `room` says what is chosen (`raw`), takes choices (`choose`), presses (`press`), and names things.
export function drawElement(element, block, room) {
  const draw = DRAWN[element.type];
  return draw ? draw(element, block, room) : undrawn("a Slack element", element);
}

const nameFor = (element, block) => block.label?.text ?? element.placeholder?.text ?? element.accessibility_label ?? "Choose";

function base(element, block, room) {
  return {
    "data-focus": `${block.block_id} ${element.action_id}`,
    "aria-label": block.type === "input" ? null : nameFor(element, block),
    id: block.type === "input" ? room.idOf(block) : null,
    autofocus: Boolean(element.focus_on_load),
    "aria-invalid": room.errorOf(block) ? "true" : null,
    "aria-describedby": room.errorOf(block) ? `${room.idOf(block)}-error` : null,
  };
}

function button(element, block, room) {
  const style = element.style ?? "";
  if (!["", "primary", "danger"].includes(style)) return undrawn("a Slack button's style", { type: style });
  return h(
    "button",
    {
      type: "button", class: `sk-button ${style}`, "data-focus": `${block.block_id} ${element.action_id}`,
      "aria-label": element.accessibility_label ?? null, "data-value": element.value ?? null,
      onclick: (event) => room.press(block, element, undefined, event.currentTarget),
    },
    textObject(element.text, room), element.url ? icon("link") : null,
  );
}

function select(element, block, room) {
  const chosen = room.raw(block, element);
  const option = (one) => h("option", { value: one.value, selected: one.value === chosen }, one.text.text);
  const groups = element.option_groups?.map((group) => h("optgroup", { label: group.label.text }, group.options.map(option)));
  return h(
    "select",
    { ...base(element, block, room), class: "sk-select", onchange: (event) => room.choose(block, element, event.target.value || null) },
    h("option", { value: "", selected: chosen === null, hidden: !block.optional }, element.placeholder?.text ?? "Choose an option"),
    groups ?? element.options.map(option),
  );
}

function users(element, block, room) {
  const chosen = room.raw(block, element);
  return h(
    "select",
    { ...base(element, block, room), class: "sk-select", onchange: (event) => room.choose(block, element, event.target.value || null) },
    h("option", { value: "", selected: chosen === null }, element.placeholder?.text ?? "Choose a person"),
    room.people.filter((one) => !one.deleted).map((one) => h("option", { value: one.id, selected: one.id === chosen }, one.real_name)),
  );
}

function choices(kind) {
  return (element, block, room) => {
    const many = kind === "checkbox";
    const now = room.raw(block, element);
    const picked = new Set(many ? now ?? [] : [now]);
    const rows = optionsOf(element).map((one) => h("label", { class: "sk-choice" },
      h("input", {
        type: kind, name: `${room.id} ${block.block_id} ${element.action_id}`, value: one.value, checked: picked.has(one.value),
        "data-focus": `${block.block_id} ${element.action_id} ${one.value}`,
        onchange: (event) => {
          if (!many) return room.choose(block, element, one.value);
          event.target.checked ? picked.add(one.value) : picked.delete(one.value);
          return room.choose(block, element, [...picked]);
        },
      }),
      h("span", {}, textObject(one.text, room), one.description ? h("small", {}, textObject(one.description, room)) : null)));
    return h("fieldset", { class: "sk-choices", "aria-label": nameFor(element, block) }, rows);
  };
}

function multi(element, block, room) {
  return choices("checkbox")(element, block, room);
}

function overflow(element, block, room) {
  const list = h("div", { class: "menu sk-overflow", role: "menu", hidden: true });
  const opener = h("button", {
    type: "button", class: "sk-button dots", "aria-haspopup": "menu", "aria-label": "More actions",
    "data-focus": `${block.block_id} ${element.action_id}`,
    onclick: () => { list.hidden = !list.hidden; if (!list.hidden) list.querySelector("button").focus(); },
  }, icon("more"));
  list.append(...element.options.map((one) => h("button", {
    type: "button", role: "menuitem",
    onclick: () => { list.hidden = true; room.press(block, { ...element, url: one.url }, one.value, opener); },
  }, textObject(one.text, room))));
  list.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); list.hidden = true; opener.focus(); }
  });
  return h("span", { class: "sk-more" }, opener, list);
}

function picker(type, read = (value) => value || null, write = (raw) => raw ?? "") {
  return (element, block, room) => h("input", {
    ...base(element, block, room), type, class: "sk-input narrow", value: write(room.raw(block, element)),
    onchange: (event) => room.choose(block, element, read(event.target.value)),
  });
}

const moment = picker(
  "datetime-local",
  (value) => (value ? Math.round(new Date(value).getTime() / 1000) : null),
  (raw) => (raw ? new Date(raw * 1000 - new Date(raw * 1000).getTimezoneOffset() * 60000).toISOString().slice(0, 16) : ""),
);

function typed(type) {
  return (element, block, room) => {
    const shared = {
      ...base(element, block, room), class: "sk-input", placeholder: element.placeholder?.text ?? null,
      maxlength: element.max_length ? String(element.max_length) : null, autocomplete: "off",
      oninput: (event) => room.keep(block, element, event.target.value || null),
      onkeydown: (event) => {
        if (event.key === "Enter" && block.dispatch_action && !element.multiline) {
          event.preventDefault();
          room.choose(block, element, event.target.value || null);
        }
      },
    };
    const value = room.raw(block, element) ?? "";
    if (!element.multiline) return h("input", { ...shared, type, value: String(value) });
    const area = h("textarea", { ...shared, rows: "4" });
    area.value = value;
    return area;
  };
}

function image(element) {
  return h("img", { class: "sk-thumb", src: element.image_url, alt: element.alt_text });
}

const DRAWN = {
  button,
  static_select: select,
  users_select: users,
  radio_buttons: choices("radio"),
  checkboxes: choices("checkbox"),
  multi_static_select: multi,
  overflow,
  datepicker: picker("date"),
  timepicker: picker("time"),
  datetimepicker: moment,
  plain_text_input: typed("text"),
  email_text_input: typed("email"),
  url_text_input: typed("url"),
  number_input: typed("text"),
  image,
};
