// The page: two clients side by side, a clock for both, and what passes behind the scenes.

import { confirmed, pagesAt } from "./dialogs.js";
import { coalesced, get, listen, post } from "./net.js";
import { h } from "./dom.js";
import { callLog } from "./calls.js";
import { moreMenu } from "./more.js";
import { notice } from "./notice.js";
import { slackClient } from "./slack.js";
import { telegramClient } from "./telegram.js";
import { dayAndClock, nowSeconds, setOffset, zoneName } from "./times.js";

const $ = (id) => document.getElementById(id);
const main = document.querySelector("main");
let world = null;

const telegram = telegramClient($("telegram"), { shown });
const slack = slackClient($("slack"), { shown });
const calls = callLog($("log"), $("show-log"));
const more = moreMenu($("more"), $("show-more"), { restart });

function shown(side) {
  main.dataset.side = side;
  for (const name of ["telegram", "slack"]) $(`to-${name}`).setAttribute("aria-pressed", String(name === side));
  $(`to-${side}`).querySelector("b").hidden = true;
}
$("to-telegram").onclick = () => shown("telegram");
$("to-slack").onclick = () => shown("slack");

function tick() {
  if (!world) return;
  $("now").replaceChildren(dayAndClock(nowSeconds()), h("span", {}, ` ${zoneName(nowSeconds())}`));
  $("now").title = "The sandbox's time, on this device's clock";
}
setInterval(tick, 1000);

const look = coalesced(async () => {
  world = await get("/_sandbox/world");
  setOffset(world.now - Date.now() / 1000);
  tick();
  more.world(world);
  pagesAt(world.pages);
  if (world.state === "down") { notice(world.trouble || "Rapport is not running.", "bad", true); return; }
  if (world.state === "starting") { notice("Starting …", "plain", true); return; }
  if (world.state === "seeding") notice("People are arriving: the practice is being filled …", "plain", true);
  else if (world.trouble) notice(world.trouble, "bad", true);
  telegram.world(world);
  slack.world(world);
});

function busy(moving) {
  for (const id of ["hour", "day", "next"]) $(id).disabled = moving;
  document.body.classList.toggle("moving", moving);
}

async function move(body) {
  busy(true);
  const moved = await post("/_sandbox/clock", body);
  busy(false);
  await look();
  if (!moved.ok) return;
  const many = moved.arrived === 1 ? "1 message came or changed" : `${moved.arrived} messages came or changed`;
  if (body.next && !moved.arrived) notice("Nothing falls due within a week", "brief");
  else notice(moved.arrived ? many : "Nothing fell due", "brief");
}
$("hour").onclick = () => move({ seconds: 3600 });
$("day").onclick = () => move({ seconds: 86400 });
$("next").onclick = () => move({ next: true });

async function restart(empty) {
  const sure = await confirmed({
    title: empty ? "Start empty?" : "Start over?",
    text: empty ? "The practice begins with the owner's first day. What is here now is dropped." : "A fresh, lively practice. What is here now is dropped.",
    yes: empty ? "Start empty" : "Start over", no: "Keep this one", danger: true,
  });
  if (!sure) return;
  notice(empty ? "Starting …" : "Starting, and filling the practice …", "plain", true);
  sessionStorage.clear();
  const done = await post("/_sandbox/restart", { empty });
  if (done.ok) location.reload();
}

function hear(news) {
  switch (news.kind) {
    case "telegram":
      if (world) telegram.heard(news);
      if (news.fresh && main.dataset.side !== "telegram") $("to-telegram").querySelector("b").hidden = false;
      break;
    case "slack":
      if (world) slack.heard(news);
      if (news.fresh && main.dataset.side !== "slack") $("to-slack").querySelector("b").hidden = false;
      break;
    case "call": calls.add(news); break;
    case "clock":
      busy(news.moving);
      look();
      break;
    case "state": if (news.state === "ready") notice(""); look(); break;
    default: look();
  }
}

listen(hear, look);
document.body.dataset.ready = "true";
