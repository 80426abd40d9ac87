"""What the clients of a long past bought: packages with their ledger, coupons, gifts, receipts, cards, disputes."""

import sqlalchemy as sa

from bench.crowd import FIRST, PAID_STEP, SUBJECT, before_all_that_is_there, insert

DAY = 86_400
LIFE = 60
"""Days that a package is valid. One is bought a day, the last one today."""

_BOUGHT = f":hour - (:count - n) * {DAY}"
_ENDS = f"{_BOUGHT} + {LIFE * DAY}"
_OVER = f"n + {LIFE} <= :count"
_SOMEBODY = f"{FIRST} + 1 + n % :clients"
_OF_EACH = [
    ("grants", {
        "id": f"{FIRST} + n", "person_id": f"{FIRST} + n", "name": "'Five'", "sessions": "5", "price": "20000",
        "single_price": "4500", "currency": "'EUR'", "expires_at": _ENDS, "bought_at": _BOUGHT,
    }),
    ("grant_offers", {"grant_id": f"{FIRST} + n", "offer_id": "2"}),
    ("credit_entries", {
        "grant_id": f"{FIRST} + n", "number": "1", "kind": "'granted'", "amount": "5", "balance": "5", "reserved": "0",
        "at": _BOUGHT,
    }),
    ("credit_entries", {
        "grant_id": f"{FIRST} + n", "number": "2", "kind": f"CASE WHEN {_OVER} THEN 'expired' ELSE 'adjusted' END",
        "amount": f"CASE WHEN {_OVER} THEN -5 ELSE -1 END", "balance": f"CASE WHEN {_OVER} THEN 0 ELSE 4 END",
        "reserved": "0", "at": f"CASE WHEN {_OVER} THEN {_ENDS} ELSE {_BOUGHT} END",
    }),
    ("customers", {
        "id": f"{FIRST} + n", "person_id": f"{FIRST} + n", "mode": "'test'", "state": "'made'", "ref": "'cus_' || n",
        "created_at": ":hour - n",
    }),
    ("cards", {
        "customer_id": f"{FIRST} + n", "ref": "'pm_' || n", "state": "'kept'", "brand": "'visa'", "last4": "'4242'",
        "exp_month": "12", "exp_year": "2040", "chosen_at": ":hour - n", "created_at": ":hour - n",
    }),
]  # fmt: skip
_COUPONS = [
    ("coupons", {"id": f"{FIRST} + n - 1", "code": "'OLD' || n", "percent": "10", "created_at": "1"}),
]  # fmt: skip
_OF_EACH_PAID = [
    ("redemptions", {
        "coupon_id": f"{FIRST} + n % 3", "person_id": _SOMEBODY, "order_id": f"{FIRST} + n", "price": "5000",
        "reduced": "4500", "currency": "'EUR'", "created_at": ":hour - n",
    }),
    ("gifts", {
        "person_id": _SOMEBODY, "order_id": f"{FIRST} + n", "state": "'returned'", "token_digest": "'g' || n",
        "token_sealed": ":sealed", "name": "'Five'", "price": "20000", "currency": "'EUR'", "terms": "'{}'",
        "bought_at": ":hour - n", "expires_at": ":hour - n",
    }),
    ("receipts", {
        "series": "'R'", "number": f"{FIRST} + n", "kind": "'purchase'", "person_id": _SOMEBODY,
        "order_id": f"{FIRST} + n", "payment_id": f"{FIRST} + n", "amount": "4500", "currency": "'EUR'",
        "contents_sealed": ":sealed", "token_digest": "'r' || n", "token_sealed": ":sealed", "at": ":hour - n",
    }),
    ("disputes", {
        "payment_id": f"{FIRST} + n", "order_id": f"{FIRST} + n", "subject": SUBJECT, "dispute_ref": "'du_' || n",
        "state": "'won'", "reason": "'fraudulent'", "amount": "4500", "currency": "'EUR'", "opened_at": ":hour - n",
    }),
]  # fmt: skip


def fill(connection: sa.Connection, *, clients: int, bookings: int, now: int, sealed: str) -> None:
    """Add to what `bench.crowd.fill` made, with the same words: a package and a card for each client, and more for each
    booking that was paid."""
    values = {"hour": now - now % 3600, "clients": clients, "sealed": sealed}
    with before_all_that_is_there(connection):
        for those, count, step in ((_OF_EACH, clients, 1), (_COUPONS, 3, 1), (_OF_EACH_PAID, bookings, PAID_STEP)):
            for table, columns in those:
                insert(connection, table, columns, {**values, "count": count, "step": step})
