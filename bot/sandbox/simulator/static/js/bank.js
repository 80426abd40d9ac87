// What banks and card networks do on request: a kept card's next answer, disputes, fraud warnings.

import { h } from "./dom.js";
import { get, post } from "./net.js";
import { notice } from "./notice.js";

const SHOWN = 6;
const ANSWERS = [
  ["approved", "says yes"],
  ["check", "wants a check"],
  ["generic_decline", "declines"],
  ["insufficient_funds", "declines: no funds"],
  ["expired_card", "declines: expired"],
  ["lost_card", "declines: lost"],
];
const OPEN = ["needs_response", "under_review", "warning_needs_response", "warning_under_review"];

export function bank() {
  const list = h("div", { class: "bank" });

  async function act(name, body) {
    const done = await post(`/_sandbox/stripe/${name}`, body, { quiet: true });
    if (done.ok === false) notice(done.error?.message ?? done.error, "bad");
    await look();
  }

  function card(method, says) {
    const choice = h("select", { "aria-label": `What the bank says to ${named(method)}`, onchange: (event) => act("card", { payment_method: method.id, says: event.target.value }) },
      ANSWERS.map(([value, words]) => h("option", { value, selected: value === says }, words)));
    return h("p", {}, h("b", {}, named(method)), choice);
  }

  function payment(charge, dispute, warned) {
    const open = dispute && OPEN.includes(dispute.status);
    const button = (words, name, body) => h("button", { type: "button", onclick: () => act(name, body) }, words);
    return h("div", {}, h("p", {}, h("b", {}, money(charge)), h("small", {}, charge.description ?? ""), dispute ? h("small", {}, dispute.status.replaceAll("_", " ")) : null),
      h("div", { class: "dialog-row" },
        dispute ? null : button("Dispute", "dispute", { charge: charge.id }),
        open ? button("Won", "dispute_outcome", { dispute: dispute.id, status: "won" }) : null,
        open ? button("Lost", "dispute_outcome", { dispute: dispute.id, status: "lost" }) : null,
        warned ? null : button("Fraud warning", "fraud_warning", { charge: charge.id })));
  }

  async function look() {
    const state = await get("/_sandbox/stripe/state");
    const kept = state.payment_methods.filter((method) => method.card && method.customer).slice(-SHOWN).reverse();
    const paid = state.charges.filter((charge) => charge.status === "succeeded").slice(-SHOWN).reverse();
    const about = (table, charge) => table.find((one) => one.charge === charge.id);
    list.replaceChildren(
      ...kept.map((method) => card(method, state.says[method.id])),
      ...paid.map((charge) => payment(charge, about(state.disputes, charge), about(state.fraud_warnings, charge))));
    if (!list.childElementCount) list.append(h("p", {}, h("small", {}, "Nothing is paid and no card is kept yet.")));
  }

  return { list, look };
}

function named(method) {
  return `${method.card.brand[0].toUpperCase()}${method.card.brand.slice(1)} ··${method.card.last4}`;
}

function money(charge) {
  const format = new Intl.NumberFormat("en", { style: "currency", currency: charge.currency });
  return format.format(charge.amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}
