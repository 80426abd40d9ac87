// A Telegram text with its entities; offsets are UTF-16 units, as JavaScript counts.

import { h } from "./dom.js";
import { undrawn } from "./notice.js";
import { followLink } from "./dialogs.js";
import { telegramDate } from "./times.js";

const SIMPLE = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };

// `command` is called with a command that is tapped; `zone` is the reader's.
export function entityText(text, entities, doors) {
  return span(text, 0, text.length, [...entities].sort((one, two) => one.offset - two.offset || two.length - one.length), doors);
}

function span(text, from, to, entities, doors) {
  const parts = [];
  let at = from;
  let rest = entities;
  while (rest.length) {
    const [entity, ...others] = rest;
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset > at) parts.push(text.slice(at, entity.offset));
    const inner = others.filter((one) => one.offset < end);
    rest = others.filter((one) => one.offset >= end);
    parts.push(drawn(entity, text.slice(entity.offset, end), span(text, entity.offset, end, inner, doors), doors));
    at = end;
  }
  if (at < to) parts.push(text.slice(at, to));
  return parts;
}

function drawn(entity, words, children, doors) {
  if (entity.type in SIMPLE) return h(SIMPLE[entity.type], {}, children);
  switch (entity.type) {
    case "pre": return h("pre", {}, children);
    case "blockquote": case "expandable_blockquote": return h("blockquote", {}, children);
    case "text_link": return link(entity.url, children);
    case "url": return link(words, children);
    case "email": return h("a", { href: `mailto:${words}` }, children);
    case "phone_number": return h("a", { href: `tel:${words}` }, children);
    case "date_time": {
      const own = entity.date_time_format ? telegramDate(entity.unix_time, entity.date_time_format, doors.zone) : children;
      return h("span", { class: "moment", title: words }, own);
    }
    case "mention": case "hashtag": case "cashtag": case "text_mention": return h("span", { class: "linkish" }, children);
    case "bot_command":
      return h("button", { type: "button", class: "command", onclick: () => doors.command(words) }, children);
    case "spoiler": {
      const hidden = h("button", { type: "button", class: "spoiler", "aria-label": "Hidden text: show" }, children);
      hidden.addEventListener("click", () => { hidden.classList.add("shown"); hidden.removeAttribute("aria-label"); });
      return hidden;
    }
    case "custom_emoji": return h("span", {}, children);
    default: return [undrawn("a Telegram entity", entity), children];
  }
}

function link(url, children) {
  return h("a", {
    href: url, rel: "noopener", target: "_blank",
    onclick: (event) => { event.preventDefault(); followLink(url); },
  }, children);
}
