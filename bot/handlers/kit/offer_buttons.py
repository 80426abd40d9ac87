"""Buttons to choose an offer, or another thing with a name: short labels that differ, below lines that name each."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol, TypeVar

from bot.chat.links import with_links
from bot.chat.screen import Button, Line, Row
from bot.chat.shorten import shorten
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
    """Name, length and price on each button. `covers`: by offer, what covers it for the reader, in place of a price."""
    return of_words(offers, [phrases.offer(offer, covers.get(offer.id)) for offer in offers], to)


def of_words(offers: Sequence[Offer], whole: Sequence[str], to: Callable[[Offer], str]) -> tuple[list[Line], list[Row]]:
    """`whole`, what there is to say of each, on its button; where that does not fit, numbered lines and short buttons.
    What offers are about stands above in any case.
    """
    if fit(whole):
        return described(offers), [(Button(words, to(offer)),) for words, offer in zip(whole, offers, strict=True)]
    lines = [Line(words) for words in numbered(whole)]
    labels = numbered([short(offer.name) for offer in offers])
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
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...


Something = TypeVar("Something", bound=Named)


def by_name(
    those: Sequence[Something],
    to: Callable[[Something], str],
    words: Callable[[Something, str], str] = lambda _each, name: name,
) -> list[Row]:
    """A button for each, numbered in this order where names do not fit, or are not told apart by them. `words`: what it
    says of one that is called so."""
    labels = whole = [words(each, each.name) for each in those]
    if not fit(whole):
        labels, whole = numbered([words(each, short(each.name)) for each in those]), numbered(whole)
    return [(Button(label, to(each), label=full),) for label, full, each in zip(labels, whole, those, strict=True)]


def toggles(those: Sequence[Something], chosen: Collection[int], to: Callable[[Something], str]) -> list[Row]:
    """As `by_name`: each button takes one out whose id is among the `chosen`, and adds any other."""

    def words(each: Something, name: str) -> str:
        return _("Take out {name}", name=name) if each.id in chosen else _("Add {name}", name=name)

    return by_name(those, to, words)


def fit(labels: Sequence[str]) -> bool:
    return len(set(labels)) == len(labels) and all(len(label) <= ROOM for label in labels)


def numbered(labels: Sequence[str]) -> list[str]:
    return [f"{number} · {label}" for number, label in enumerate(labels, start=1)]


def short(name: str) -> str:
    return shorten(name, NAME)
