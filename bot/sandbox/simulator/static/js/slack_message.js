// Messages of a Slack channel, with what only this person sees.

import { avatar, h } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { drawBlocks } from "./slack_blocks.js";
import { room } from "./slack_room.js";
import { clock, day } from "./times.js";

const ERRORS = {
  operation_timeout: "failed because the app did not respond in time.",
  dispatch_failed: "failed because the app could not be reached.",
};

export function slackItems(view, channel, doors) {
  const items = [];
  let lastDay = null;
  const failures = view.errors.map((error) => ({ failed: true, ...error }));
  const all = [...(channel?.messages ?? []), ...failures].sort((one, two) => Number(one.ts) - Number(two.ts));
  for (const message of all) {
    const today = day(Number(message.ts), doors.zone);
    if (today !== lastDay) items.push({ key: `day ${today}`, stamp: today, build: () => h("p", { class: "sk-day" }, h("span", {}, today)) });
    lastDay = today;
    items.push({
      key: `${message.failed ? "error" : "message"} ${message.ts}`,
      stamp: JSON.stringify([message, doors.zone]),
      build: () => (message.failed ? failure(message, doors) : shown(view, channel, message, doors)),
    });
  }
  if (!items.length) items.push({ key: "empty", stamp: "", build: () => h("p", { class: "empty" }, "This is the very beginning. Type / to see what can be asked.") });
  return items;
}

function failure(error, doors) {
  return h("article", { class: "sk-message sk-only", tabindex: "-1" }, avatar("Slackbot"),
    h("div", {}, byline("Slackbot", false, error.ts, doors), h("p", { class: "sk-error" }, `${error.where} ${ERRORS[error.error] ?? `was refused: ${error.error}`}`)));
}

function byline(name, app, ts, doors) {
  return h("div", { class: "sk-by" }, h("b", {}, name), app ? h("i", { class: "sk-app" }, "APP") : null, h("time", {}, clock(Number(ts), doors.zone)));
}

function shown(view, channel, message, doors) {
  const app = Boolean(message.bot_id);
  const name = app ? view.app.name : view.people.find((one) => one.id === message.user)?.real_name ?? message.user;
  const context = { people: doors.humans, channels: view.channels, zone: doors.zone };
  const place = { channel: channel.id, ts: message.ts };
  const blocks = message.blocks?.length
    ? drawBlocks(message.blocks, room({ place, act: doors.act, values: message.values, host: doors.host, fileUrl: doors.fileUrl, ...context }))
    : h("div", { class: "sk-text" }, mrkdwn(message.text, context));
  return h(
    "article",
    { class: `sk-message ${message.ephemeral ? "sk-only" : ""}`, tabindex: "-1", "aria-label": `${name}, ${clock(Number(message.ts), doors.zone)}`, data: { ts: message.ts } },
    avatar(name, app ? "bot" : ""),
    h("div", {},
      message.ephemeral ? h("p", { class: "sk-eye" }, "Only visible to you") : null,
      byline(name, app, message.ts, doors),
      h("div", { class: "sk-blocks" }, blocks),
      (message.files ?? []).map(file),
      message.edited && !app ? h("small", { class: "sk-edited" }, "(edited)") : null),
  );
}

function file(one) {
  if (one.mimetype.startsWith("image/")) return h("figure", { class: "sk-image" }, h("figcaption", {}, one.title), h("img", { src: one.page_url, alt: one.alt_txt || one.title }));
  return h("a", { class: "sk-file", href: one.page_url, target: "_blank", rel: "noopener" }, one.title);
}
