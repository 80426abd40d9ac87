"""Buttons to choose an offer: short labels that differ, below lines that name each offer in full."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from bot.chat.links import with_links
from bot.chat.screen import Button, Line, Row
from bot.chat.words import _
from bot.domain.credits.grants import BookedCredit
from bot.domain.practice.offers import Offer
from bot.handlers.kit import phrases

ROOM = 40
"""Characters of a label: a longer one is cut on a phone, and what tells two offers apart may be in the rest."""

NAME = 24
NO_CREDITS: Mapping[int, BookedCredit] = {}


def of_offers(
    offers: Sequence[Offer], to: Callable[[Offer], str], covers: Mapping[int, BookedCredit] = NO_CREDITS
) -> tuple[list[Line], list[Row]]:
    """Name, length and price on each button; where they do not fit, numbered lines and short buttons. What offers are
    about stands above in any case. `covers`: by offer, that which the reader has for it and which is no price.
    """
    whole = [phrases.offer(offer, covers.get(offer.id)) for offer in offers]
    if fit(whole):
        return described(offers), [(Button(words, to(offer)),) for words, offer in zip(whole, offers, strict=True)]
    lines = [Line(words) for words in numbered(whole)]
    labels = numbered([_short(offer.name) for offer in offers])
    rows: list[Row] = [
        (Button(label, to(offer), label=words),) for label, words, offer in zip(labels, whole, offers, strict=True)
    ]
    return [*lines, *described(offers)], rows


def described(offers: Sequence[Offer]) -> list[Line]:
    """What each offer is about, where its owner says so; beside several it is named."""
    said = [offer for offer in offers if offer.description]
    if len(offers) == 1:
        return [Line(with_links(offer.description or "")) for offer in said]
    return [
        Line(_("{name}: {description}", name=offer.name, description=with_links(offer.description or "")))
        for offer in said
    ]


class Named(Protocol):
    @property
    def name(self) -> str: ...


Something = TypeVar("Something", bound=Named)


def by_name(offers: Sequence[Something], to: Callable[[Something], str]) -> list[Row]:
    """A button for each, numbered in this order where names do not fit."""
    names = [offer.name for offer in offers]
    labels = names if fit(names) else numbered([_short(name) for name in names])
    return [(Button(label, to(offer), label=offer.name),) for label, offer in zip(labels, offers, strict=True)]


def fit(labels: Sequence[str]) -> bool:
    return len(set(labels)) == len(labels) and all(len(label) <= ROOM for label in labels)


def numbered(labels: Sequence[str]) -> list[str]:
    return [f"{number} · {label}" for number, label in enumerate(labels, start=1)]


def _short(name: str) -> str:
    return name if len(name) <= NAME else f"{name[: NAME - 1].rstrip()}…"
