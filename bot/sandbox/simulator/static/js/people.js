// Who is being played on one side: a row of people to switch between, and somebody new.

import { avatar, h, icon, keep } from "./dom.js";
import { ask } from "./dialogs.js";
import { post } from "./net.js";
import { city, clock, nowSeconds } from "./times.js";

const ZONES = [
  "Europe/London", "Europe/Berlin", "Europe/Kyiv", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo",
  "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney", "Australia/Lord_Howe",
];

export function peopleRow(platform, { choose, workspace }) {
  const row = h("div", { class: "people", role: "group", "aria-label": `Who you are in ${platform}` });
  const unread = new Map();
  let people = [];
  let me = null;

  function draw() {
    const items = people.map((person) => {
      const count = unread.get(person.id) ?? 0;
      const chosen = person.id === me;
      return {
        key: person.id,
        stamp: JSON.stringify([person, count, chosen]),
        build: () => chip(person, chosen, count),
      };
    });
    items.push({ key: "+", stamp: "+", build: newcomer });
    keep(row, items);
  }

  function chip(person, chosen, count) {
    const words = [h("b", {}, person.name.split(" ")[0]), h("small", {}, person.part)];
    return h(
      "button",
      {
        type: "button", class: "chip", "aria-pressed": String(chosen), "data-focus": person.id,
        "aria-label": `${person.name}, ${person.part}${count ? `, ${count} new` : ""}`,
        title: `${person.name} · ${clock(nowSeconds(), person.zone)} in ${city(person.zone)}`,
        onclick: () => choose(person.id),
      },
      avatar(person.name), h("span", {}, words), count ? h("i", { class: "count" }, String(count)) : null,
    );
  }

  function newcomer() {
    return h(
      "button",
      { type: "button", class: "chip add", "aria-label": `Add a person in ${platform}`, title: "Add a person", onclick: add },
      icon("plus"),
    );
  }

  async function add() {
    const answers = await ask({
      title: "Somebody new",
      fields: [
        { name: "name", label: "Name", value: "Kim Novak" },
        { name: "zone", label: "Time zone", options: ZONES.map((zone) => [zone, city(zone)]), value: "Europe/Berlin" },
        { name: "language", label: "Language of the app", options: [["en", "English"], ["de", "Deutsch"]], value: "en" },
      ],
      submit: "Add",
    });
    if (!answers) return;
    const language = platform === "slack" ? { en: "en-US", de: "de-DE" }[answers.language] : answers.language;
    const added = await post("/_sandbox/people", { platform, ...answers, language, workspace: workspace?.() });
    if (added.ok) choose(added.id);
  }

  return {
    element: row,
    show(list, chosen) { people = list; me = chosen; unread.delete(chosen); draw(); row.querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" }); },
    arrived(id) {
      if (id === me || !people.some((person) => person.id === id)) return;
      unread.set(id, (unread.get(id) ?? 0) + 1);
      draw();
    },
    get me() { return people.find((person) => person.id === me); },
  };
}
