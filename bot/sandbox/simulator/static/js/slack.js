// The Slack client: a workspace as one person sees it, with the app's messages, Home and modals.

import { avatar, composer, h, icon, keep, stayAtEnd, toEnd } from "./dom.js";
import { ask, onChatLink } from "./dialogs.js";
import { coalesced, get, post } from "./net.js";
import { notice } from "./notice.js";
import { peopleRow } from "./people.js";
import { drawBlocks } from "./slack_blocks.js";
import { slackItems } from "./slack_message.js";
import { modals } from "./slack_modal.js";
import { room } from "./slack_room.js";

const ROOT = "/_sandbox/slack";

export function slackClient(section, { shown }) {
  let me = null;
  let team = null;
  let channel = "app";
  let tab = "messages";
  let view = null;
  let world = null;

  const people = peopleRow("slack", { choose: (id) => become(id), workspace: () => team });
  const side = h("nav", { class: "sk-side", "aria-label": "Channels" });
  const head = h("header", { class: "sk-head" });
  const log = h("div", { class: "sk-log", role: "log", "aria-live": "polite", "aria-label": "Messages", tabindex: "0" });
  const home = h("div", { class: "sk-home", role: "region", "aria-label": "Home", tabindex: "0" });
  const menu = h("div", { class: "menu sk-menu", role: "listbox", "aria-label": "Commands", hidden: true });
  const write = composer({ label: "Message", placeholder: "Message Rapport", send: say, typed: suggest });
  const foot = h("div", { class: "sk-foot" }, menu, h("div", { class: "composer" }, write.input, write.button));
  const body = h("div", { class: "sk-body" }, side, h("div", { class: "sk-main" }, head, log, home, foot));
  const stack = modals(body, { act, context: () => ({ people: humans(), channels: view.channels, zone: people.me?.zone, fileUrl }) });
  section.append(people.element, body);
  const end = stayAtEnd(log);
  write.input.addEventListener("keydown", pickCommand);

  const humans = () => view.people.filter((one) => !one.is_bot);
  const fileUrl = (file) => view.files.find((one) => one.id === file?.id || one.url_private === file?.url)?.page_url;

  async function act(name, body) {
    const told = await post(`${ROOT}/${name}`, { team, user: me, ...body });
    await refresh();
    return told;
  }

  const refresh = coalesced(async () => {
    if (!me) return;
    const asked = me;
    const got = await get(`${ROOT}/state?team=${team}&user=${me}`);
    if (asked !== me) return;
    view = got;
    draw();
  });

  const players = () => world.people.filter((person) => person.platform === "slack");

  function become(id) {
    const person = players().find((one) => one.id === id);
    if (!person) return;
    if (id !== me) { stack.clear(); log.kept = home.kept = null; log.replaceChildren(); home.replaceChildren(); view = null; channel = "app"; write.input.value = ""; }
    me = id;
    team = person.workspace;
    sessionStorage.setItem("slack", id);
    people.show(players(), me);
    refresh().then(() => { if (tab === "home") openHome("home"); });
  }

  const current = () => view.channels.find((one) => (channel === "app" ? one.is_im : one.id === channel));

  function draw() {
    drawSide();
    drawHead();
    const atHome = channel === "app" && tab === "home";
    home.hidden = !atHome;
    log.hidden = foot.hidden = atHome || !view.app.installed;
    if (!view.app.installed) { home.hidden = false; keep(home, [notInstalled()]); }
    else if (atHome) drawHome();
    else drawLog();
    stack.show(view);
  }

  function drawSide() {
    const rows = view.channels.filter((one) => !one.is_im).map((one) => entry(one.id, icon("hash"), one.name));
    const others = world.teams.length > 1
      ? h("select", { "aria-label": "Workspace", onchange: (event) => switchTeam(event.target.value) },
        world.teams.map((one) => h("option", { value: one.id, selected: one.id === team }, one.name)))
      : h("h2", {}, view.team.name);
    const built = [others, h("h3", {}, "Channels"), ...rows, h("h3", {}, "Apps"), entry("app", avatar(view.app.name, "bot tiny"), view.app.name)];
    const key = JSON.stringify([view.team.name, world.teams, view.channels.map((one) => [one.id, one.name]), channel]);
    if (side.dataset.key !== key) { side.dataset.key = key; side.replaceChildren(...built); }
  }

  function entry(id, mark, words) {
    return h("button", { type: "button", "aria-current": id === channel ? "page" : null, onclick: () => { channel = id; log.kept = null; log.replaceChildren(); draw(); toEnd(log); } }, mark, h("span", {}, words));
  }

  function switchTeam(id) {
    const first = players().find((one) => one.workspace === id);
    if (first) become(first.id);
    else notice("Nobody belongs to that workspace yet: add a person while it is chosen.");
    team = id;
  }

  function drawHead() {
    const open = channel === "app";
    const key = JSON.stringify([open, tab, current()?.name, view.app.installed]);
    if (head.dataset.key === key) return;
    const focused = head.contains(document.activeElement) ? document.activeElement.id : null;
    head.dataset.key = key;
    const tabs = [["home", "Home"], ["messages", "Messages"]].map(([name, words]) => h(
      "button", { type: "button", id: `sk-${name}`, role: "tab", "aria-selected": String(tab === name), onclick: () => openTab(name) }, words));
    head.replaceChildren(
      h("h2", {}, open ? avatar(view.app.name, "bot tiny") : icon("hash"), open ? view.app.name : current()?.name ?? ""),
      open ? h("small", {}, "App") : "",
      open ? h("div", { class: "sk-tabs", role: "tablist" }, tabs) : "",
      h("button", { type: "button", class: "round", "aria-label": "More in this workspace", onclick: more }, icon("more")),
    );
    if (focused) document.getElementById(focused)?.focus();
  }

  function openTab(name) {
    tab = name;
    draw();
    openHome(name);
    if (name === "messages") toEnd(log);
  }

  const openHome = (name) => view?.app.installed && act("open_home", { tab: name });

  function drawHome() {
    const built = view.home;
    keep(home, [{
      key: built?.id ?? "none",
      stamp: JSON.stringify(built ? [built.hash, built.state.values, built.blocks] : null),
      build: () => h("div", { class: "sk-blocks" }, built
        ? drawBlocks(built.blocks, room({ place: { home: true }, act, values: built.state.values, people: humans(), channels: view.channels, zone: people.me?.zone, host: section, fileUrl }))
        : h("p", { class: "empty" }, "Nothing here yet.")),
    }]);
  }

  function drawLog() {
    const items = slackItems(view, current(), { zone: people.me?.zone, act, host: section, humans: humans(), fileUrl });
    keep(log, items);
    end.follow();
    write.input.placeholder = channel === "app" ? `Message ${view.app.name}` : `Message #${current()?.name ?? ""}`;
  }

  function notInstalled() {
    return {
      key: "install", stamp: team,
      build: () => h("div", { class: "sk-install" }, h("h3", {}, `${view.app.name} is not in this workspace`),
        h("button", { type: "button", class: "sk-button primary", onclick: install }, "Add to Slack")),
    };
  }

  const install = () => act("install", { install_url: `${world.product}/slack/install` });

  async function more() {
    const chosen = await ask({
      title: view.team.name, submit: "Do it",
      fields: [{
        name: "what", label: "What to do", value: "channel",
        options: [["channel", "New channel with the app"], ["zone", "Change my time zone"],
          view.app.installed ? ["uninstall", "Remove the app from this workspace"] : ["install", "Add the app"],
          ["team", "One more workspace"]],
      }],
    });
    if (!chosen) return;
    if (chosen.what === "uninstall") await act("uninstall", {});
    if (chosen.what === "install") await install();
    if (chosen.what === "zone") {
      const zone = await ask({ title: "My time zone", fields: [{ name: "tz", label: "Zone", value: view.user.tz ?? "Europe/Berlin" }], submit: "Save" });
      if (zone) await act("profile", zone);
    }
    if (chosen.what === "channel") {
      const named = await ask({ title: "New channel", fields: [{ name: "name", label: "Name", value: "coaching" }], submit: "Create" });
      if (named) await act("channels", { name: named.name, members: humans().map((one) => one.id), bot: true });
    }
    if (chosen.what === "team") {
      const named = await ask({ title: "New workspace", fields: [{ name: "name", label: "Name", value: "Northwind" }], submit: "Create" });
      if (!named) return;
      const made = await post("/_sandbox/teams", named);
      if (made.ok) await post("/_sandbox/people", { platform: "slack", name: "Tara Singh", zone: "Asia/Kolkata", language: "en-US", workspace: made.id });
    }
  }

  async function say(text) {
    suggest("");
    const [word, ...rest] = text.split(/\s+/);
    const place = current() && channel !== "app" ? { channel: current().id } : {};
    if (/^\/[a-z]/.test(word)) await act("command", { ...place, command: word, text: rest.join(" ") });
    else await act("say", { ...place, text });
    toEnd(log);
  }

  function suggest(typed) {
    const word = /^\/(\S*)$/.exec(typed)?.[1]?.toLowerCase();
    const fitting = word === undefined || !world ? [] : world.commands.filter((one) => one.slice(1).startsWith(word));
    menu.replaceChildren(...fitting.map((one, at) => h("button", {
      type: "button", role: "option", tabindex: "-1", "aria-selected": String(at === 0),
      onclick: () => { write.input.value = `${one} `; suggest(""); write.input.focus(); },
    }, h("b", {}, one), " ", h("span", {}, view.app.name))));
    menu.hidden = !fitting.length;
  }

  function pickCommand(event) {
    const all = [...menu.children];
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (!menu.hidden && all.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const to = (at + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length;
      all.forEach((one, index) => one.setAttribute("aria-selected", String(index === to)));
      all[to].scrollIntoView({ block: "nearest" });
    } else if (!menu.hidden && (event.key === "Tab" || (event.key === "Enter" && all[at]?.firstChild.textContent !== write.input.value.trim()))) {
      event.preventDefault();
      all[at]?.click();
    } else if (event.key === "Escape") suggest("");
    else if (event.key === "ArrowUp" && !write.input.value) { event.preventDefault(); log.focus(); }
  }
  log.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    const all = [...log.querySelectorAll("article")];
    const at = all.indexOf(document.activeElement.closest("article"));
    event.preventDefault();
    all[event.key === "ArrowUp" ? (at < 0 ? all.length - 1 : Math.max(at - 1, 0)) : Math.min(at + 1, all.length - 1)]?.focus();
  });

  onChatLink((url) => {
    const link = new URL(url, location.href);
    const slack = link.hostname === "slack.com" || link.hostname.endsWith(".slack.com") || link.pathname === "/app_redirect";
    const here = link.protocol === "slack:" || slack;
    if (here) { shown("slack"); channel = "app"; openTab("messages"); }
    return here;
  });

  return {
    world(next) {
      world = next;
      const list = players();
      if (!list.some((person) => person.id === me)) me = null;
      const first = list.find((person) => person.id === sessionStorage.getItem("slack")) ?? list.find((person) => person.part.startsWith(world.begins)) ?? list[0];
      if (!me && first) become(first.id); else if (me) { people.show(list, me); refresh(); }
    },
    heard(news) {
      if (news.team === team && (!news.people || news.people.includes(me))) refresh();
      if (news.fresh) for (const id of news.people ?? []) people.arrived(id);
    },
    clockTold() { if (view) draw(); },
  };
}
