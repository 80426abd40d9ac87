// Elements without a framework: everything that people wrote goes in as text, never as markup.

export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// A list of {key, stamp, build} into a container. Only what changed is built anew, so that focus, scroll
// position and what a screen reader has read stay.
export function keep(container, items) {
  const kept = container.kept ?? new Map();
  const next = new Map();
  let before = null;
  for (const item of items) {
    const known = kept.get(item.key);
    const node = known && known.stamp === item.stamp ? known.node : replaced(known, item);
    next.set(item.key, { stamp: item.stamp, node });
    const place = before ? before.nextSibling : container.firstChild;
    if (node !== place) container.insertBefore(node, place);
    before = node;
  }
  for (const [key, { node }] of kept) if (!next.has(key) || next.get(key).node !== node) node.remove();
  container.kept = next;
}

function replaced(known, item) {
  const node = item.build();
  if (!known) return node;
  const focused = known.node.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  if (!focused) return node;
  queueMicrotask(() => {
    const again = [...node.querySelectorAll("[data-focus]")].find((one) => one.dataset.focus === focused);
    (again ?? node.closest(".client")?.querySelector(".composer textarea"))?.focus();
  });
  return node;
}

// A log stays at its newest line unless its reader scrolled up, also while it was hidden or changes its size.
export function stayAtEnd(scroller) {
  let pinned = true;
  scroller.addEventListener("scroll", () => {
    if (scroller.clientHeight) pinned = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 120;
  });
  const follow = () => { if (pinned) toEnd(scroller); };
  new ResizeObserver(follow).observe(scroller);
  return { follow };
}

export function toEnd(scroller) {
  scroller.scrollTop = scroller.scrollHeight;
}

// Grows with what is typed; Enter sends, Shift+Enter begins a new line.
export function composer({ label, placeholder, send, typed }) {
  const input = h("textarea", { rows: "1", "aria-label": label, placeholder, autocomplete: "off", spellcheck: "false" });
  const fit = () => {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 140)}px`;
  };
  const submit = () => {
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    fit();
    typed?.("");
    send(text);
    input.focus();
  };
  input.addEventListener("input", () => { fit(); typed?.(input.value); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !event.defaultPrevented) {
      event.preventDefault();
      submit();
    }
  });
  const button = h("button", { type: "button", class: "send", "aria-label": "Send", onclick: submit }, icon("send"));
  return { input, button, submit, fit };
}

const PATHS = {
  send: "M3 11.500 20.500 4 14 20.500l-2.800-6.300z",
  close: "M5 5l14 14M19 5 5 19",
  menu: "M4 7h16M4 12h16M4 17h10",
  more: "M12 5.500v.01M12 12v.01M12 18.500v.01",
  plus: "M12 5v14M5 12h14",
  back: "M15 5l-7 7 7 7",
  link: "M9 7h8v8M17 7 7 17",
  eye: "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 14.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  hash: "M9 4 7 20M17 4l-2 16M4.500 9h16M3.500 15h16",
  home: "M4 11l8-7 8 7v9h-5.500v-6h-5v6H4z",
  reply: "M9 6 4 11l5 5M4 11h9a6 6 0 0 1 6 6v1",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon", `icon-${name}`);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function initials(name) {
  return name.split(/\s+/).map((word) => word[0] ?? "").slice(0, 2).join("").toUpperCase();
}

// One of eight calm colours, always the same for the same name.
export function avatar(name, kind = "") {
  let sum = 0;
  for (const letter of name) sum = (sum * 33 + letter.codePointAt(0)) % 997;
  return h("span", { class: `avatar tint${sum % 8} ${kind}`, "aria-hidden": "true" }, initials(name));
}
