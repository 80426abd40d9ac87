// The doors of the simulator and of the stand-ins behind it.

import { notice } from "./notice.js";

export async function get(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

// What the person could not do is told at the foot of the page, and given back with `ok: false`.
export async function post(path, body, { quiet = false } = {}) {
  let result;
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    result = await answer.json();
    if (!answer.ok && result.ok !== false) result = { ...result, ok: false };
  } catch {
    result = { ok: false, error: "the simulator does not answer" };
  }
  if (result.ok === false && !quiet && result.error !== "client_validation") notice(result.error, "bad");
  return result;
}

export function listen(hear, opened) {
  const stream = new EventSource("/_sandbox/stream");
  stream.onmessage = (event) => hear(JSON.parse(event.data));
  stream.onopen = opened;
  return stream;
}

// Many changes at once lead to one look; a change during a look leads to one more.
export function coalesced(work) {
  let running = false;
  let again = false;
  return async function run() {
    if (running) { again = true; return; }
    running = true;
    do {
      again = false;
      try { await work(); } catch (error) { console.warn(error); }
    } while (again);
    running = false;
  };
}
