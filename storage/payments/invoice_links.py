"""Links by which an order can be paid inside a chat. An order asks for the same as long as it stands, so they hold."""

import sqlalchemy as sa

from storage.sealing import Unreadable
from storage.tables import orders
from storage.tx import Tx

LINK = "orders.invoice_url_sealed"


def keep(tx: Tx, order_id: int, link: str) -> None:
    sealed = tx.sealer.seal(link, LINK, order_id)
    tx.execute(sa.update(orders).where(orders.c.id == order_id).values(invoice_url_sealed=sealed))


def of(tx: Tx, order_id: int) -> str | None:
    """None where there is none, or no key opens it: the order can be paid on the card page all the same."""
    sealed = tx.execute(sa.select(orders.c.invoice_url_sealed).where(orders.c.id == order_id)).scalar()
    try:
        return None if sealed is None else tx.sealer.open(sealed, LINK, order_id)
    except Unreadable:
        return None
