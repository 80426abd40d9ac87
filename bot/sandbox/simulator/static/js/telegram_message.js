// Messages of a Telegram chat: bubbles, photos, keyboards.

import { h, icon } from "./dom.js";
import { entityText } from "./entities.js";
import { undrawn } from "./notice.js";
import { clock, day } from "./times.js";

const STYLES = new Set(["primary", "success", "danger"]);
const KINDS = new Set(["callback_data", "url", "copy_text", "web_app"]);

// Items for `keep`: days as rules, then each message.
export function messageItems(view, doors) {
  const items = [];
  let lastDay = null;
  let lastSender = null;
  for (const message of view.messages) {
    const today = day(message.date, doors.zone);
    if (today !== lastDay) {
      items.push({ key: `day ${today}`, stamp: today, build: () => h("p", { class: "tg-day" }, h("span", {}, today)) });
      lastSender = null;
    }
    const first = lastSender !== message.from.id;
    const waits = message.keyboard.flat().filter((button) => doors.busy(message.message_id, button.callback_data)).map((button) => button.callback_data);
    items.push({
      key: `message ${message.message_id}`,
      stamp: JSON.stringify([message, doors.zone, waits, first]),
      build: () => bubble(view, message, first, doors),
    });
    lastDay = today;
    lastSender = message.from.id;
  }
  return items;
}

function bubble(view, message, first, doors) {
  if (message.joined.length) {
    const names = message.joined.map((user) => user.first_name).join(", ");
    return h("p", { class: "tg-day" }, h("span", {}, `${message.from.first_name} added ${names}`));
  }
  if (message.paid) {
    return h("p", { class: "tg-day" }, h("span", {}, `You paid ${sum(message.paid)} to ${view.bot.name}`));
  }
  const mine = message.from.id === view.user.id;
  const inGroup = view.chat.type !== "private";
  const words = entityText(message.text ?? "", message.entities, { command: doors.command, zone: doors.zone });
  const replied = view.messages.find((one) => one.message_id === message.reply_to);
  const body = h(
    "div", { class: "bubble" },
    inGroup && !mine && first ? h("b", { class: "tg-name" }, message.from.first_name) : null,
    replied ? h("div", { class: "tg-quote" }, h("b", {}, replied.from.first_name), h("span", {}, (replied.text || "Photo").slice(0, 80))) : null,
    message.photo ? photo(message) : null,
    message.document ? h("a", { class: "tg-file", href: local(message.document.url), target: "_blank", rel: "noopener" }, message.document.name) : null,
    message.text ? h("div", { class: "words" }, words) : null,
    h("span", { class: "meta" }, message.edit_date ? "edited " : "", message.silent ? "silent " : "", clock(message.date, doors.zone)),
  );
  return h(
    "article",
    { class: `tg-message ${mine ? "mine" : "theirs"} ${first ? "first" : ""}`, tabindex: "-1", "aria-label": `${mine ? "You" : message.from.first_name}, ${clock(message.date, doors.zone)}`, data: { message: message.message_id } },
    h("div", { class: "tg-line" }, body,
      h("button", { type: "button", class: "tg-answer round", tabindex: "-1", "aria-label": "Reply to this message", onclick: () => doors.reply(message) }, icon("reply"))),
    message.keyboard.length ? keyboard(message, doors) : null,
  );
}

export function sum({ currency, total_amount: total }) {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.format(total / 10 ** format.resolvedOptions().maximumFractionDigits);
}

function local(url) { return new URL(url).pathname; }

function photo(message) {
  return h("img", { class: "tg-photo", src: local(message.photo.url), alt: message.text ? "" : "Photo", width: message.photo.width, height: message.photo.height });
}

function keyboard(message, doors) {
  const rows = message.keyboard.map((buttons, row) => h("div", { class: "tg-keys" }, buttons.map((button, col) => {
    if (!KINDS.has(button.kind) || (button.style && !STYLES.has(button.style))) return undrawn("a Telegram button", { ...button, type: button.style ?? button.kind });
    const waits = doors.busy(message.message_id, button.callback_data);
    return h(
      "button",
      {
        type: "button", class: `${button.style ?? ""} ${waits ? "waits" : ""}`, "aria-busy": String(waits),
        "data-focus": `${message.message_id} ${row} ${col}`, onclick: () => doors.tap(message, button, row, col),
      },
      button.text, button.kind === "url" ? icon("link") : null,
    );
  })));
  return h("div", { class: "tg-inline" }, rows);
}
