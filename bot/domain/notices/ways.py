"""Where a notice goes: the person's accounts in the order in which they are tried, by what they chose."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.domain.notices.notices import RULES, NoticeKind
from bot.domain.notices.topics import CAN_END, TO_THE_LETTER, Topic
from bot.domain.people.people import CHATS, Account, Platform


class Where(StrEnum):
    CHAT = "chat"  # where nothing was chosen
    COPY = "copy"  # in the chat, and once more by mail
    EMAIL = "email"
    SMS = "sms"
    NOWHERE = "nowhere"


_CHATS, _EMAIL, _SMS = CHATS, frozenset({Platform.EMAIL}), frozenset({Platform.SMS})
_ORDER: Mapping[Where, tuple[frozenset[Platform], ...]] = {
    Where.CHAT: (_CHATS, _EMAIL, _SMS),
    Where.COPY: (_CHATS, _EMAIL, _SMS),
    Where.EMAIL: (_EMAIL, _CHATS, _SMS),
    Where.SMS: (_SMS, _CHATS, _EMAIL),
    Where.NOWHERE: (_CHATS, _EMAIL, _SMS),  # of what comes all the same
}
"""What is first is meant; what follows is better than nothing, where that cannot be written to."""


@dataclass(frozen=True)
class Way:
    """`without`: where this topic was ended, by a link in a mail or a word in an SMS."""

    where: Where = Where.CHAT
    without: frozenset[Platform] = frozenset()


@dataclass(frozen=True)
class Preferences:
    """Of one person; a topic that is not in `by_topic` is as it is for everybody."""

    by_topic: Mapping[Topic, Way] = field(default_factory=dict)

    def of(self, topic: Topic) -> Way:
        return self.by_topic.get(topic, Way())

    def choosing(self, topic: Topic, where: Where) -> "Preferences":
        """Once this was chosen for the topic; what was ended there before begins again with it."""
        return Preferences({**self.by_topic, topic: Way(where)})

    def ending(self, topic: Topic, platform: Platform) -> "Preferences":
        """Once nothing about the topic is to come by this platform any more."""
        way = self.of(topic)
        return Preferences({**self.by_topic, topic: replace(way, without=way.without | {platform})})


@dataclass(frozen=True)
class Reach:
    """How one person can be reached: all of their accounts, those that can be written to first, then the one last heard
    of. `agreed` are the ids of those for SMS to which the person agreed to be sent some."""

    accounts: Sequence[Account] = ()
    preferences: Preferences = field(default_factory=Preferences)
    agreed: Collection[int] = frozenset()


def wanted(preferences: Preferences, kind: NoticeKind) -> bool:
    """Whether a notice of this kind is sent at all."""
    rule = RULES[kind]
    ended = rule.topic in CAN_END and preferences.of(rule.topic).where is Where.NOWHERE
    return rule.always is not None or not ended


def ways(reach: Reach, kind: NoticeKind) -> list[Account]:
    """The accounts that a notice of this kind may go to, in their order; among them those that are closed."""
    if not wanted(reach.preferences, kind):
        return []
    rule = RULES[kind]
    way = reach.preferences.of(rule.topic)
    ended = frozenset() if rule.always in TO_THE_LETTER else way.without
    open_to = [each for each in reach.accounts if each.verified and each.platform not in ended]
    agreed = [each for each in open_to if each.platform is not Platform.SMS or each.id in reach.agreed]
    return [each for platforms in _ORDER[way.where] for each in agreed if each.platform in platforms]


def copied_to(reach: Reach, kind: NoticeKind, went_to: Account) -> Account | None:
    """Where a notice that went to this account goes once more, for who wants that."""
    where = reach.preferences.of(RULES[kind].topic).where
    if where not in {Where.COPY, Where.EMAIL} or went_to.platform not in CHATS or RULES[kind].says_again:
        return None
    mails = (each for each in ways(reach, kind) if each.platform is Platform.EMAIL and each.unreachable is None)
    return next(mails, None)


def can_choose(reach: Reach, topic: Topic, where: Where) -> bool:
    """Whether somebody with these accounts can be told of a topic there."""
    there = {each.platform for each in reach.accounts if each.verified and each.unreachable is None}
    match where:
        case Where.CHAT:
            return True
        case Where.COPY | Where.EMAIL:
            return Platform.EMAIL in there
        case Where.SMS:
            return any(each.platform is Platform.SMS and each.id in reach.agreed for each in reach.accounts)
        case Where.NOWHERE:
            return topic in CAN_END
