// Slack's mrkdwn and its rich text.

import { h } from "./dom.js";
import { undrawn } from "./notice.js";
import { followLink } from "./dialogs.js";
import { slackDate } from "./times.js";

const EMOJI = { white_check_mark: "✅", x: "❌", calendar: "📅", bell: "🔔", wave: "👋", warning: "⚠️", tada: "🎉", clock1: "🕐", credit_card: "💳" };
const TOKEN = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\s][^<>]*)>|(?<![\w*])\*(?=\S)([^*\n]*\S)\*(?![\w*])|(?<![\w_])_(?=\S)([^_\n]*\S)_(?![\w_])|(?<![\w~])~(?=\S)([^~\n]*\S)~(?![\w~])|:([a-z0-9_+-]+):/g;

export function plain(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

export function mrkdwn(text, context) {
  const parts = [];
  let quote = [];
  const flush = () => {
    if (quote.length) parts.push(h("blockquote", {}, inline(quote.join("\n"), context)));
    quote = [];
  };
  const rest = [];
  const settle = () => { if (rest.length) parts.push(inline(rest.splice(0).join("\n"), context)); };
  for (const line of text.split("\n")) {
    if (line.startsWith("&gt;")) { settle(); quote.push(line.slice(4).trimStart()); }
    else { flush(); rest.push(line); }
  }
  settle();
  flush();
  return parts;
}

function inline(text, context) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(TOKEN)) {
    const [whole, block, code, angle, bold, italic, strike, emoji] = found;
    if (emoji && !(emoji in EMOJI)) continue;
    if (found.index > at) parts.push(plain(text.slice(at, found.index)));
    at = found.index + whole.length;
    if (block) parts.push(h("pre", {}, plain(block.replace(/^\n/, ""))));
    else if (code) parts.push(h("code", {}, plain(code)));
    else if (angle) parts.push(bracket(angle, context));
    else if (bold) parts.push(h("b", {}, inline(bold, context)));
    else if (italic) parts.push(h("i", {}, inline(italic, context)));
    else if (strike) parts.push(h("s", {}, inline(strike, context)));
    else parts.push(EMOJI[emoji]);
  }
  if (at < text.length) parts.push(plain(text.slice(at)));
  return parts;
}

function bracket(inside, context) {
  const [target, label] = inside.split(/\|(.*)/s);
  const words = plain(label ?? "");
  if (target.startsWith("@")) return mention(`@${words || nameOf(target.slice(1), context)}`);
  if (target.startsWith("#")) return mention(`#${words || channelOf(target.slice(1), context)}`);
  if (target.startsWith("!date^")) {
    const [, unix, tokens] = target.split("^");
    return h("span", { class: "moment", title: words }, slackDate(Number(unix), tokens, context.zone));
  }
  if (/^!(channel|here|everyone)$/.test(target)) return mention(`@${target.slice(1)}`);
  if (target.startsWith("!")) return words || undrawn("Slack's special mention", { type: target });
  return link(plain(target), words || plain(target).replace(/^mailto:/, ""));
}

const mention = (words) => h("span", { class: "mention" }, words);

const nameOf = (id, context) => context.people.find((one) => one.id === id)?.real_name ?? id;

const channelOf = (id, context) => context.channels?.find((one) => one.id === id)?.name ?? id;

export function link(url, words) {
  return h("a", { href: url, target: "_blank", rel: "noopener", onclick: (event) => { event.preventDefault(); followLink(url); } }, words);
}

export function textObject(words, context) {
  if (words.type === "plain_text") return words.text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);
  if (words.type === "mrkdwn") return mrkdwn(words.text, context);
  return undrawn("Slack text", words);
}

export function richText(block, context) {
  return h("div", { class: "rich" }, block.elements.map((part) => richPart(part, context)));
}

function richPart(part, context) {
  const children = () => part.elements.map((element) => richElement(element, context));
  switch (part.type) {
    case "rich_text_section": return h("div", {}, children());
    case "rich_text_preformatted": return h("pre", {}, children());
    case "rich_text_quote": return h("blockquote", {}, children());
    case "rich_text_list":
      return h(part.style === "ordered" ? "ol" : "ul", {}, part.elements.map((one) => h("li", {}, richPart(one, context))));
    default: return undrawn("Slack rich text", part);
  }
}

function richElement(element, context) {
  let shown;
  switch (element.type) {
    case "text": shown = element.text; break;
    case "link": shown = link(element.url, element.text ?? element.url); break;
    case "user": shown = mention(`@${nameOf(element.user_id, context)}`); break;
    case "channel": shown = mention(`#${channelOf(element.channel_id, context)}`); break;
    case "broadcast": shown = mention(`@${element.range}`); break;
    case "emoji": shown = EMOJI[element.name] ?? `:${element.name}:`; break;
    case "date": shown = element.fallback ?? ""; break;
    default: return undrawn("Slack rich text", element);
  }
  for (const [style, tag] of [["bold", "b"], ["italic", "i"], ["strike", "s"], ["code", "code"]]) {
    if (element.style?.[style]) shown = h(tag, {}, shown);
  }
  return shown;
}

// The `markdown` block: headings, lists and inline styles as far as messages use them.
export function markdown(text) {
  return h("div", { class: "rich" }, text.split("\n").map((line) => {
    const heading = /^#{1,3}\s+(.*)/.exec(line);
    const item = /^[-*]\s+(.*)/.exec(line);
    const words = (heading ?? item)?.[1] ?? line;
    const parts = words.split(/(\*\*[^*]+\*\*|\[[^\]]+\]\([^)]+\))/).map((part) => {
      if (part.startsWith("**")) return h("b", {}, part.slice(2, -2));
      const to = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(part);
      return to ? link(to[2], to[1]) : part;
    });
    if (heading) return h("h4", {}, parts);
    return item ? h("p", { class: "item" }, "• ", parts) : h("p", {}, parts);
  }));
}
