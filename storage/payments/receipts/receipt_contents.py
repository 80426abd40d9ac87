"""A receipt as the JSON that is sealed in its row. A field that is added later must be one that may be missing."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind
from bot.domain.payments.receipts import Party, Receipt, ReceiptKind, ReceiptLine, SessionFacts, TaxLine
from storage.instants import from_epoch, to_epoch


def written(receipt: Receipt) -> str:
    return json.dumps(
        {
            "number": receipt.number,
            "kind": receipt.kind.value,
            "at": to_epoch(receipt.at),
            "zone": receipt.zone,
            "currency": receipt.total.currency,
            "seller": asdict(receipt.seller),
            "buyer": asdict(receipt.buyer),
            "lines": [_line(line) for line in receipt.lines],
            "taxes": [{**asdict(tax), "amount": tax.amount.amount} for tax in receipt.taxes],
            "exemption": receipt.exemption,
            "corrects": receipt.corrects,
        }
    )


def _line(line: ReceiptLine) -> dict[str, object]:
    session = line.session
    facts = None if session is None else {**asdict(session), "starts": to_epoch(session.starts)}
    return {"kind": line.kind.value, "name": line.name, "amount": line.amount.amount, "session": facts}


def read(text: str) -> Receipt:
    said = json.loads(text)
    currency = said["currency"]
    return Receipt(
        number=said["number"],
        kind=ReceiptKind(said["kind"]),
        at=from_epoch(said["at"]),
        zone=said["zone"],
        seller=Party(**said["seller"]),
        buyer=Party(**said["buyer"]),
        lines=tuple(_read_line(line, currency) for line in said["lines"]),
        taxes=tuple(TaxLine(**{**tax, "amount": Money(tax["amount"], currency)}) for tax in said["taxes"]),
        exemption=said["exemption"],
        corrects=said["corrects"],
    )


def _read_line(line: Mapping[str, Any], currency: str) -> ReceiptLine:
    facts = line["session"]
    session = None if facts is None else SessionFacts(**{**facts, "starts": from_epoch(facts["starts"])})
    return ReceiptLine(LineKind(line["kind"]), line["name"], Money(line["amount"], currency), session)
