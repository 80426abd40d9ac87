// Where blocks stand (a message, Home, a modal), and what touching them does.

import { confirmed } from "./dialogs.js";
import { followLink } from "./dialogs.js";
import { rawOf } from "./slack_elements.js";
import { plain } from "./mrkdwn.js";

let rooms = 0;

// `place` names it for the stand-in; `act` posts and looks again; `values` are stored states, `errors` words by block,
// `draft` keeps what is typed and not sent yet.
export function room({ place, act, values = {}, errors = {}, people, channels, zone, draft = {}, host, fileUrl }) {
  const id = `room${(rooms += 1)}`;

  async function send(block, element, value, button) {
    const body = { ...place, block_id: block.block_id, action_id: element.action_id };
    if (value !== undefined) body.value = value;
    if (element.confirm) {
      const asked = element.confirm;
      const yes = await confirmed({
        title: asked.title.text, text: plain(asked.text.text), yes: asked.confirm.text, no: asked.deny.text,
        danger: asked.style === "danger", host,
      });
      if (!yes) return;
      body.confirm = true;
    }
    if (button) { button.setAttribute("aria-busy", "true"); button.classList.add("waits"); }
    if (element.url) followLink(element.url);
    await act("click", body);
    if (button) { button.removeAttribute("aria-busy"); button.classList.remove("waits"); }
  }

  const kept = (block, element) => draft[block.block_id]?.[element.action_id];

  return {
    id,
    people,
    channels,
    zone,
    fileUrl,
    idOf: (block) => `${id}-${block.block_id}`,
    errorOf: (block) => errors[block.block_id],
    raw(block, element) {
      const known = kept(block, element);
      return known !== undefined ? known : rawOf(values[block.block_id]?.[element.action_id]);
    },
    keep(block, element, raw) { (draft[block.block_id] ??= {})[element.action_id] = raw; },
    choose(block, element, raw) {
      this.keep(block, element, raw);
      if (block.type === "input" && !block.dispatch_action) return undefined;
      return send(block, element, raw);
    },
    press: (block, element, value, button) => send(block, element, value, button),
    draft,
  };
}
