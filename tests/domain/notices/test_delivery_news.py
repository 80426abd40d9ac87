"""How far a message came never leads back, and what closes an address is so whenever it is told."""

import itertools

import pytest

from bot.domain.notices.delivery_news import Fact, Stage, closed_by, further
from bot.domain.notices.notices import NoticeKind, about, address_of
from bot.domain.people.people import Unreachable
from bot.domain.subjects import Subject


def test_in_whatever_order_news_come_they_end_at_the_same_stage() -> None:
    told = (Stage.SENT, Stage.DELAYED, Stage.DELIVERED, Stage.FAILED)
    for count in range(1, 5):
        for chosen in itertools.combinations(told, count):
            ends = set()
            for order in itertools.permutations((*chosen, chosen[0])):
                at = Stage.HANDED_OVER
                for each in order:
                    assert further(at, each) >= at
                    at = further(at, each)
                ends.add(at)
            assert ends == {max(chosen)}


@pytest.mark.parametrize(
    ("fact", "was", "becomes"),
    [
        (None, None, None),
        (Fact.BOUNCED_FOR_NOW, None, None),
        (Fact.BOUNCED, None, Unreachable.BOUNCED),
        (Fact.SUPPRESSED, None, Unreachable.BOUNCED),
        (Fact.COMPLAINED, None, Unreachable.COMPLAINED),
        (Fact.COMPLAINED, Unreachable.BOUNCED, Unreachable.COMPLAINED),
        (Fact.BOUNCED, Unreachable.COMPLAINED, None),
        (Fact.BOUNCED, Unreachable.OPTED_OUT, None),
        (Fact.BOUNCED, Unreachable.BOUNCED, None),
    ],
)
def test_what_closes_an_address(fact: Fact | None, was: Unreachable | None, becomes: Unreachable | None) -> None:
    assert closed_by(fact, was) == becomes


@pytest.mark.parametrize(
    ("address", "subject"),
    [
        (address_of(NoticeKind.REMINDER, 7, 1440), Subject("booking", 7)),
        (address_of(NoticeKind.HOLD, 8), Subject("booking", 8)),
        (address_of(NoticeKind.HOLD_ENDING, 8), Subject("booking", 8)),
        (address_of(NoticeKind.PLANNED, 3), Subject("plan", 3)),
        (address_of(NoticeKind.ORDER_PAID, 4), Subject("order", 4)),
        (address_of(NoticeKind.OWNERS), None),
        ("notice/hold/x", None),
        ("notice/hold/", None),
        ("booking/7", None),
        (None, None),
    ],
)
def test_what_the_notice_at_an_address_is_about(address: str | None, subject: Subject | None) -> None:
    assert about(address) == subject
