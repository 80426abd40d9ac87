// Small dialogs of the page itself, and the window in which web pages open.

import { h, icon } from "./dom.js";

// Keeps Tab inside, Esc closes, and focus goes back to where it was.
export function open(box, { onclose, host = document.body, className = "veil" } = {}) {
  const before = document.activeElement;
  const veil = h("div", { class: className }, box);
  const close = () => {
    if (!veil.isConnected) return;
    veil.remove();
    onclose?.();
    if (before?.isConnected) before.focus();
  };
  veil.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); close(); }
    if (event.key === "Tab") trap(event, box);
  });
  veil.addEventListener("mousedown", (event) => { if (event.target === veil) close(); });
  host.append(veil);
  (box.querySelector("[autofocus]") ?? box.querySelector("input, select, textarea, button:not(.x)") ?? box).focus();
  return close;
}

export function trap(event, box) {
  const all = [...box.querySelectorAll("button, input, select, textarea, a[href], iframe, [tabindex='0']")]
    .filter((one) => !one.disabled && one.offsetParent !== null);
  if (!all.length) return;
  const [first, last] = [all[0], all[all.length - 1]];
  if (event.shiftKey && document.activeElement === first) { event.preventDefault(); last.focus(); }
  else if (!event.shiftKey && document.activeElement === last) { event.preventDefault(); first.focus(); }
}

export function confirmed({ title, text, yes, no, danger, host }) {
  return new Promise((answer) => {
    let said = false;
    const act = (value) => () => { said = value; close(); };
    const box = h(
      "div", { class: "dialog small", role: "alertdialog", "aria-modal": "true", "aria-label": title },
      h("h2", {}, title), h("div", { class: "dialog-text" }, text),
      h("div", { class: "dialog-row" },
        no ? h("button", { type: "button", onclick: act(false) }, no) : null,
        h("button", { type: "button", class: danger ? "danger" : "strong", autofocus: true, onclick: act(true) }, yes)),
    );
    const close = open(box, { onclose: () => answer(said), host });
  });
}

export function ask({ title, fields, submit, text }) {
  return new Promise((answer) => {
    let given = null;
    const inputs = fields.map(({ name, label, options, value }) => {
      const input = options
        ? h("select", { name }, options.map(([key, words]) => h("option", { value: key, selected: key === value }, words)))
        : h("input", { name, value: value ?? "", maxlength: "60", autocomplete: "off" });
      return h("label", { class: "field" }, h("span", {}, label), input);
    });
    const form = h(
      "form",
      {
        class: "dialog", role: "dialog", "aria-modal": "true", "aria-label": title,
        onsubmit: (event) => { event.preventDefault(); given = Object.fromEntries(new FormData(form)); close(); },
      },
      h("h2", {}, title), text ? h("p", {}, text) : null, inputs,
      h("div", { class: "dialog-row" },
        h("button", { type: "button", onclick: () => close() }, "Cancel"),
        h("button", { type: "submit", class: "strong" }, submit)),
    );
    const close = open(form, { onclose: () => answer(given) });
    form.querySelector("input")?.select();
  });
}

// A link into a chat is followed inside the page, a page of this sandbox opens in a window here, others in a tab.
const chats = [];
let pages = [];

export function onChatLink(follow) { chats.push(follow); }

export function pagesAt(origins) { pages = origins; }

export async function followLink(url) {
  if (chats.some((follow) => follow(url))) return;
  const link = new URL(url, location.href);
  if (pages.includes(link.origin)) { browse(url, link.pathname + link.search); return; }
  const yes = await confirmed({ title: "A page outside of the sandbox", text: url, yes: "Open in a new tab", no: "Stay here" });
  if (yes) window.open(url, "_blank", "noopener");
}

function browse(url, path) {
  const frame = h("iframe", { src: path, title: "Web page" });
  const shown = h("span", { class: "url" }, url.replace(/^https?:\/\//, ""));
  const box = h(
    "div", { class: "browser", role: "dialog", "aria-modal": "true", "aria-label": "Web page" },
    h("header", {},
      h("button", { type: "button", class: "x", "aria-label": "Close the page", onclick: () => close() }, icon("close")),
      shown, h("a", { href: url, target: "_blank", rel: "noopener", "aria-label": "Open in a tab of its own" }, icon("link"))),
    frame,
  );
  frame.addEventListener("load", () => {
    const inside = frame.contentDocument;
    if (!inside || inside.URL === "about:blank") return;
    shown.textContent = inside.URL.replace(location.origin, "");
    inside.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link || link.origin === location.origin) return;
      event.preventDefault();
      close();
      followLink(link.href);
    });
    inside.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
    frame.focus();
  });
  const close = open(box);
}
