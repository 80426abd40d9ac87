"""Tells the owners that a vendor does not accept the key of the settings: they alone can mend it."""

from datetime import datetime

from bot.domain.notices.notices import NoticeKind, address_of
from bot.domain.subjects import Subject
from bot.services.kit.audit_note import tell_owners
from storage.tx import Tx


def tell_refused_key(tx: Tx, vendor: str, now: datetime) -> None:
    """Once a day, however often the vendor is asked meanwhile."""
    kind = NoticeKind.KEY_REFUSED
    tell_owners(tx, kind, Subject("practice"), address_of(kind), f"{kind}:{vendor}:{now:%Y%m%d}", now)
