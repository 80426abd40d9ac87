"""Where sessions take place: a kind in clear, and sealed details (a link, a number, an address)."""

from bot.domain.practice.offers import Place, PlaceKind
from storage.tx import Tx


def columns(tx: Tx, place: Place | None) -> dict[str, str | None]:
    """The two columns of a place."""
    if place is None:
        return {"place_kind": None, "place_sealed": None}
    return {"place_kind": place.kind.value, "place_sealed": tx.sealer.seal(place.details)}


def read(tx: Tx, kind: str | None, sealed: str | None) -> Place | None:
    """The place of two columns; None when there is none."""
    return None if kind is None or sealed is None else Place(PlaceKind(kind), tx.sealer.open(sealed))
