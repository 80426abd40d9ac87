// Clocks as people read them: the sandbox's time, in the zone of whoever looks.

let offset = 0;

export function setOffset(seconds) { offset = seconds; }

export function nowSeconds() { return Date.now() / 1000 + offset; }

const formats = new Map();

function format(zone, options) {
  const key = `${zone} ${JSON.stringify(options)}`;
  if (!formats.has(key)) {
    let timeZone = zone || undefined;
    try { new Intl.DateTimeFormat("en-GB", { timeZone }); } catch { timeZone = "UTC"; }
    formats.set(key, new Intl.DateTimeFormat("en-GB", { ...options, timeZone }));
  }
  return formats.get(key);
}

export function clock(seconds, zone) {
  return format(zone, { hour: "2-digit", minute: "2-digit" }).format(seconds * 1000);
}

export function day(seconds, zone) {
  return format(zone, { weekday: "long", day: "numeric", month: "long" }).format(seconds * 1000);
}

export function dayAndClock(seconds, zone) {
  return format(zone, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" })
    .format(seconds * 1000);
}

// A moment as each platform's client writes it on the reader's own clock.
export function slackDate(seconds, tokens, zone) {
  return tokens
    .replace(/\{date[a-z_]*\}/g, format(zone, { weekday: "short", day: "numeric", month: "short" }).format(seconds * 1000))
    .replace(/\{time(_secs)?\}/g, clock(seconds, zone));
}

export function telegramDate(seconds, shape, zone) {
  const options = {};
  if (shape.includes("w")) options.weekday = "short";
  if (/d/i.test(shape)) Object.assign(options, { day: "numeric", month: "short" });
  if (/t/i.test(shape)) Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  return format(zone, options).format(seconds * 1000);
}

// The short name of the zone of this device.
export function zoneName(seconds) {
  return format(undefined, { timeZoneName: "short" }).formatToParts(seconds * 1000).find((part) => part.type === "timeZoneName").value;
}

export function city(zone) {
  return (zone || "").split("/").pop().replaceAll("_", " ");
}
