from dataclasses import replace

import pytest

from bot.domain.notices.notices import RULES, NoticeKind
from bot.domain.notices.topics import Always, Topic
from bot.domain.notices.ways import Preferences, Reach, Way, Where, can_choose, copied_to, wanted, ways
from bot.domain.people.people import Account, Platform, Unreachable

CHAT = Account(1, 7, Platform.TELEGRAM, "", "1001", "1001")
OTHER = Account(2, 7, Platform.SLACK, "T1", "U1", "D1")
MAIL = Account(3, 7, Platform.EMAIL, "", "hash", None, address="ana@example.org")
SMS = Account(4, 7, Platform.SMS, "", "hash", None, address="+436601234567")
UNPROVED = Account(5, 7, Platform.EMAIL, "", "new:5", None, address="other@example.org", verified=False)
EVERY = (MAIL, CHAT, SMS, UNPROVED, OTHER)  # the mail was heard of last


def chose(where: Where, topic: Topic = Topic.REMINDERS, *, without: frozenset[Platform] = frozenset()) -> Reach:
    return Reach(EVERY, Preferences({topic: Way(where, without)}), {SMS.id})


def order(reach: Reach, kind: NoticeKind = NoticeKind.REMINDER) -> list[int]:
    return [account.id for account in ways(reach, kind)]


def test_every_kind_has_a_topic() -> None:
    assert {rule.topic for rule in RULES.values()} == set(Topic)
    assert set(RULES) == set(NoticeKind)


def test_without_a_choice_the_chat_last_heard_of_is_first_then_mail_then_sms() -> None:
    assert order(Reach(EVERY, agreed={SMS.id})) == [1, 2, 3, 4]
    assert order(Reach((OTHER, CHAT))) == [2, 1]


def test_sms_is_for_who_agreed_and_what_is_not_proved_for_nobody() -> None:
    assert order(Reach(EVERY)) == [1, 2, 3]
    assert order(Reach((UNPROVED,))) == []


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Where.CHAT, [1, 2, 3, 4]), (Where.COPY, [1, 2, 3, 4]), (Where.EMAIL, [3, 1, 2, 4]), (Where.SMS, [4, 1, 2, 3]),
    ],
)  # fmt: skip
def test_what_was_chosen_is_first_and_the_others_take_over(where: Where, expected: list[int]) -> None:
    assert order(chose(where)) == expected


def test_another_topic_stays_as_it_was() -> None:
    assert order(chose(Where.EMAIL), NoticeKind.BOOKED) == [1, 2, 3, 4]


def test_what_was_switched_off_is_not_sent() -> None:
    off = chose(Where.NOWHERE, Topic.NEWS)
    assert not wanted(off.preferences, NoticeKind.TIMES_FREE)
    assert order(off, NoticeKind.TIMES_FREE) == []


@pytest.mark.parametrize("kind", [kind for kind, rule in RULES.items() if rule.always is not None])
def test_what_has_to_come_comes_where_it_comes_for_everybody(kind: NoticeKind) -> None:
    off = chose(Where.NOWHERE, RULES[kind].topic)
    assert wanted(off.preferences, kind)
    assert order(off, kind) == [1, 2, 3, 4]


def test_receipts_safety_and_what_the_other_side_does_cannot_be_switched_off() -> None:
    said = {kind: RULES[kind].always for kind in (NoticeKind.ORDER_PAID, NoticeKind.CARD_KEPT, NoticeKind.CANCELLED)}
    assert list(said.values()) == [Always.RECEIPT, Always.SECURITY, Always.OTHER_SIDE]
    assert RULES[NoticeKind.MOVED].always is Always.OTHER_SIDE


def test_reminders_are_ended_by_their_leads_alone() -> None:
    assert not can_choose(chose(Where.CHAT), Topic.REMINDERS, Where.NOWHERE)
    assert wanted(chose(Where.NOWHERE).preferences, NoticeKind.REMINDER)


def test_where_mails_were_ended_the_next_takes_over_but_a_receipt_is_mailed() -> None:
    ended = chose(Where.EMAIL, Topic.MONEY, without=frozenset({Platform.EMAIL}))
    assert order(ended, NoticeKind.CREDIT_WARNING) == [1, 2, 4]
    assert order(ended, NoticeKind.ORDER_PAID) == [3, 1, 2, 4]


def test_choosing_mail_again_takes_back_that_it_was_ended() -> None:
    ended = Preferences().ending(Topic.NEWS, Platform.EMAIL)
    assert ended.of(Topic.NEWS).without == {Platform.EMAIL}
    assert ended.choosing(Topic.NEWS, Where.EMAIL).of(Topic.NEWS) == Way(Where.EMAIL)
    assert ended.of(Topic.MONEY) == Way()


def test_a_copy_goes_by_mail_once_and_only_of_what_went_to_a_chat() -> None:
    reach = chose(Where.COPY)
    assert copied_to(reach, NoticeKind.REMINDER, CHAT) == MAIL
    assert copied_to(reach, NoticeKind.REMINDER, MAIL) is None
    assert copied_to(chose(Where.CHAT), NoticeKind.REMINDER, CHAT) is None
    assert copied_to(chose(Where.COPY, Topic.BOOKING), NoticeKind.ANSWER, CHAT) is None
    closed = replace(MAIL, unreachable=Unreachable.BOUNCED)
    assert copied_to(replace(reach, accounts=(CHAT, closed)), NoticeKind.REMINDER, CHAT) is None


def test_only_what_is_there_can_be_chosen() -> None:
    alone = Reach((CHAT, UNPROVED, SMS))
    assert [each for each in Where if can_choose(alone, Topic.NEWS, each)] == [Where.CHAT, Where.NOWHERE]
    every = chose(Where.CHAT)
    assert [each for each in Where if can_choose(every, Topic.NEWS, each)] == list(Where)
