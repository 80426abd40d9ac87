// The Telegram client: one person's chat with the bot, or a group that the bot is in.

import { avatar, composer, h, icon, keep, stayAtEnd, toEnd } from "./dom.js";
import { ask, confirmed, onChatLink } from "./dialogs.js";
import { coalesced, get, post } from "./net.js";
import { notice } from "./notice.js";
import { peopleRow } from "./people.js";
import { messageItems, sum } from "./telegram_message.js";

const ROOT = "/_sandbox/telegram";

export function telegramClient(section, { shown }) {
  let me = null;
  let group = null;
  let view = null;
  let world = null;
  let pending = null;
  let replying = null;
  let lastToast = null;

  const people = peopleRow("telegram", { choose: (id) => become(id) });
  const head = h("header", { class: "tg-head" });
  const log = h("div", { class: "tg-log", role: "log", "aria-live": "polite", "aria-label": "Messages", tabindex: "0" });
  const toast = h("div", { class: "tg-toast", role: "status", "aria-live": "assertive" });
  const above = h("div", { class: "tg-above" });
  const foot = h("div", { class: "tg-foot" });
  const menu = h("div", { class: "menu tg-menu", role: "menu", hidden: true });
  const write = composer({ label: "Message", placeholder: "Message", send: say, typed: suggest });
  write.input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { suggest(""); reply(null); }
    if (event.key === "ArrowUp" && !write.input.value) { event.preventDefault(); log.focus(); }
  });
  const end = stayAtEnd(log);
  log.addEventListener("keydown", arrows);
  section.append(people.element, head, h("div", { class: "tg-body" }, log, toast, menu), above, foot);

  const where = () => (group ? { chat: group } : {});
  const act = (name, body = {}, options) => post(`${ROOT}/${name}`, { user: Number(me), ...where(), ...body }, options);

  const refresh = coalesced(async () => {
    if (!me) return;
    const asked = [me, group].join();
    const got = await get(`${ROOT}/chats/${me}${group ? `?chat=${group}` : ""}`);
    if (asked !== [me, group].join()) return;
    view = got;
    draw();
  });

  function become(id, chat = null) {
    if (id !== me || chat !== group) { view = null; pending = null; replying = null; log.kept = null; log.replaceChildren(); write.input.value = ""; }
    me = id;
    group = chat;
    people.show(players(), me);
    sessionStorage.setItem("telegram", id);
    refresh();
  }

  const players = () => world.people.filter((person) => person.platform === "telegram");

  function draw() {
    drawHead();
    if (!view.started) keep(log, [startScreen()]);
    else keep(log, messageItems(view, { zone: people.me?.zone, tap, reply, command: say, busy }));
    end.follow();
    drawFoot();
    drawToast();
  }

  function drawHead() {
    const others = view.user.id ? groupsOfMe : [];
    head.replaceChildren(
      avatar(view.chat.title ?? view.bot.name, "bot"),
      h("div", { class: "tg-title" }, h("h2", {}, view.chat.title ?? view.bot.name),
        h("small", {}, view.typing ? `${view.typing === "typing" ? "typing" : "sending"}…` : group ? "group" : "bot")),
      others.length ? h("select", { "aria-label": "Chat", onchange: (event) => become(me, Number(event.target.value) || null) },
        h("option", { value: "" }, view.bot.name),
        others.map((one) => h("option", { value: one.id, selected: one.id === group }, one.title))) : "",
      h("button", { type: "button", class: "round", "aria-label": "More in this chat", onclick: chatMenu }, icon("more")),
    );
  }

  let groupsOfMe = [];
  async function chatMenu() {
    const choices = [
      ["group", "New group with the bot"],
      ...(view.started && !group ? [[view.blocked ? "unblock" : "block", view.blocked ? "Unblock the bot" : "Stop and block the bot"]] : []),
      ...(group ? [["remove_bot", "Remove the bot from this group"]] : []),
    ];
    const chosen = await ask({ title: "This chat", fields: [{ name: "what", label: "What to do", options: choices, value: choices[0][0] }], submit: "Do it" });
    if (!chosen) return;
    if (chosen.what !== "group") { await act(chosen.what); return refresh(); }
    const named = await ask({ title: "New group", fields: [{ name: "title", label: "Name", value: "Monday runners" }], submit: "Create" });
    if (!named) return;
    const members = players().map((person) => Number(person.id)).filter((id) => id !== Number(me));
    const made = await post(`${ROOT}/groups`, { user: Number(me), title: named.title, members });
    if (made.ok) { await groups(); become(me, made.chat_id); }
  }

  async function groups() {
    const found = await get(`${ROOT}/users`);
    groupsOfMe = found.users.find((user) => user.id === Number(me))?.groups ?? [];
  }

  function startScreen() {
    const bot = view.bot;
    return {
      key: "start", stamp: JSON.stringify([bot, pending]),
      build: () => h("div", { class: "tg-start" }, avatar(bot.name, "bot large"),
        h("h3", {}, bot.name),
        bot.description ? h("div", { class: "tg-about" }, h("b", {}, "What can this bot do?"), h("p", {}, bot.description)) : null),
    };
  }

  function drawFoot() {
    const key = JSON.stringify([view.started, view.blocked, view.reply_keyboard, view.force_reply, Boolean(view.commands.length), group, me, pending]);
    if (foot.dataset.key === key) return;
    foot.dataset.key = key;
    const focused = foot.contains(document.activeElement);
    if (!view.started) {
      foot.replaceChildren(h("button", { type: "button", class: "tg-big", onclick: start }, "START"));
    } else if (view.blocked) {
      foot.replaceChildren(h("button", { type: "button", class: "tg-big", onclick: () => act("unblock").then(refresh) }, "UNBLOCK"));
    } else {
      write.input.placeholder = view.force_reply?.placeholder ?? view.reply_keyboard?.input_field_placeholder ?? "Message";
      foot.replaceChildren(
        h("div", { class: "composer" },
          view.commands.length ? h("button", { type: "button", class: "tg-commands", "aria-haspopup": "menu", onclick: toggleMenu }, icon("menu"), "Menu") : null,
          write.input, write.button),
        view.reply_keyboard ? replyKeyboard(view.reply_keyboard) : "",
      );
      if (focused) write.input.focus();
    }
  }

  function replyKeyboard(markup) {
    const rows = markup.keyboard.map((row) => h("div", { class: "tg-keys" }, row.map((button) => {
      const words = typeof button === "string" ? button : button.text;
      return h("button", { type: "button", onclick: () => say(words) }, words);
    })));
    return h("div", { class: "tg-keyboard" }, rows);
  }

  function toggleMenu() {
    if (menu.hidden) showCommands(view.commands); else menu.hidden = true;
  }

  function suggest(typed) {
    const word = /^\/(\S*)$/.exec(typed)?.[1]?.toLowerCase();
    const fitting = word === undefined || !view ? [] : view.commands.filter((one) => one.command.startsWith(word));
    if (fitting.length) showCommands(fitting, false); else menu.hidden = true;
  }

  function showCommands(commands, focus = true) {
    menu.replaceChildren(...commands.map((one) => h(
      "button", { type: "button", role: "menuitem", onclick: () => { menu.hidden = true; write.input.value = ""; say(`/${one.command}`); write.input.focus(); } },
      h("b", {}, `/${one.command}`), " ", h("span", {}, one.description))));
    menu.hidden = false;
    if (focus) menu.querySelector("button").focus();
  }
  menu.addEventListener("keydown", (event) => {
    const all = [...menu.querySelectorAll("button")];
    const at = all.indexOf(document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      all[(at + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length].focus();
    }
    if (event.key === "Escape") { menu.hidden = true; write.input.focus(); }
  });

  function drawToast() {
    const now = view.toast;
    if (!now || now.callback_id === lastToast) return;
    lastToast = now.callback_id;
    if (now.url) { followOwn(now.url); return; }
    if (now.show_alert) { confirmed({ title: view.bot.name, text: now.text, yes: "OK", host: section, danger: false }); return; }
    toast.textContent = now.text;
    toast.classList.add("on");
    setTimeout(() => toast.classList.remove("on"), 3500);
  }

  const busy = (messageId, data) => view.unanswered.some((one) => one.message_id === messageId && one.data === data && !one.overdue);

  function reply(message) {
    replying = message;
    above.replaceChildren(message ? h("div", { class: "tg-reply" }, icon("reply"), h("span", {}, `Reply: ${message.text.slice(0, 80)}`),
      h("button", { type: "button", class: "round", "aria-label": "Do not reply", onclick: () => reply(null) }, icon("close"))) : "");
    if (message) write.input.focus();
  }

  async function say(text) {
    suggest("");
    const body = replying ? { text, reply_to: replying.message_id } : { text };
    reply(null);
    await act("say", body);
    toEnd(log);
    refresh();
  }

  async function start() {
    await post(`${ROOT}/start`, { user: Number(me), payload: pending ?? "" });
    pending = null;
    await refresh();
    write.input.focus();
  }

  async function tap(message, button, row, col) {
    // By what it carries: another button may stand in that place by now.
    const which = button.callback_data ? { data: button.callback_data } : { row, col };
    const told = await act("tap", { message_id: message.message_id, ...which });
    if (told.kind === "url" && told.start !== null && told.start !== undefined) openBot(told.start);
    else if (told.kind === "url") followOwn(told.url);
    else if (told.kind === "invoice") await payInvoice(told);
    else if (told.kind === "copy") { navigator.clipboard?.writeText(told.text); notice(`Copied: ${told.text}`); }
    else if (told.kind === "web_app") followOwn(told.url);
    refresh();
  }

  async function payInvoice(invoice) {
    const price = sum({ currency: invoice.currency, total_amount: invoice.total });
    if (!await confirmed({ title: invoice.title, text: invoice.description, yes: `Pay ${price}`, no: "Cancel", host: section })) return;
    const { checkout } = await act("pay", { slug: invoice.slug });
    for (let tries = 0; tries < 40; tries += 1) {
      const { state, why } = await act("checkout", { checkout });
      if (state === "refused") { notice(why, "bad"); return; }
      if (state === "paid") return;
      await new Promise((later) => { setTimeout(later, 250); });
    }
    notice("The bot did not answer: nothing was charged.", "bad");
  }

  function followOwn(url) { import("./dialogs.js").then(({ followLink }) => followLink(url)); }

  // A link to the bot: its chat opens, and START is what brings the payload.
  function openBot(payload) {
    shown("telegram");
    group = null;
    if (!payload) { refresh(); return; }
    pending = payload;
    refresh().then(() => { if (view?.started) offerPending(); });
  }

  function offerPending() {
    above.replaceChildren(h("div", { class: "tg-reply" }, h("span", {}, "A link to this bot was opened."),
      h("button", { type: "button", class: "tg-big small", onclick: () => { above.replaceChildren(); start(); } }, "START")));
    above.querySelector("button").focus();
  }

  onChatLink((url) => {
    const link = new URL(url, location.href);
    const here = (link.hostname === "t.me" && [`/${world.bot}`, "/"].includes(link.pathname))
      || (link.protocol === "tg:" && link.searchParams.get("domain") === world.bot);
    if (here) openBot(link.searchParams.get("start") ?? "");
    return here;
  });

  function arrows(event) {
    if (!["ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
    const all = [...log.querySelectorAll("article")];
    if (!all.length) return;
    event.preventDefault();
    const at = all.indexOf(document.activeElement.closest("article"));
    const to = { ArrowUp: at < 0 ? all.length - 1 : Math.max(at - 1, 0), ArrowDown: Math.min(at + 1, all.length - 1), Home: 0, End: all.length - 1 }[event.key];
    all[to].focus();
  }

  return {
    world(next) {
      world = next;
      const list = players();
      if (!list.some((person) => person.id === me)) me = null;
      const first = list.find((person) => person.id === sessionStorage.getItem("telegram")) ?? list.find((person) => person.part.startsWith(world.begins)) ?? list[0];
      if (!me && first) become(first.id); else if (me) { people.show(list, me); refresh(); }
      if (me) groups();
    },
    heard(news) {
      if (news.change === "member") groups();
      if (String(news.chat) === String(group ?? me) || news.change === "profile" || news.change === "member") refresh();
      else if (news.fresh) people.arrived(String(news.chat));
    },
    clockTold() { if (view) draw(); },
  };
}
