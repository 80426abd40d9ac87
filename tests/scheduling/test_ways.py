"""Messages go where their reader wants them, and to the next of their accounts where one is closed."""

import pytest

from bot.chat.channel import CannotReach
from bot.domain.notices.notices import Notice, NoticeKind
from bot.domain.notices.outgoing import Delivery
from bot.domain.notices.topics import Topic
from bot.domain.notices.ways import Preferences, Way, Where
from bot.domain.people.people import Platform, Unreachable
from bot.domain.subjects import Subject
from bot.services.conversation.replies import Replies
from storage.engine import Storage, Tx
from storage.notices import outbox
from storage.people import addresses, people, preferences
from tests.scheduling.platform import Post, Wire, client_id
from tests.services.bare_practice import NOW
from tests.services.selling_practice import SellingPractice

MAIL = "clara@example.org"


@pytest.fixture
async def client(storage: Storage) -> int:
    return await client_id(SellingPractice(storage))


@pytest.fixture
async def mail(storage: Storage, client: int) -> str:
    """Of a proved address of the client: how its account is named on the wire."""
    return await storage.write(lambda tx: proved(tx, client))


def proved(tx: Tx, person_id: int) -> str:
    account_id = addresses.add(tx, person_id, Platform.EMAIL, MAIL, NOW)
    [account] = addresses.of_person(tx, person_id)
    assert addresses.verify(tx, account, NOW)
    found = people.find_account(tx, account_id)
    assert found is not None
    return found.user_ref


class Two(Post):
    """Sends to a chat and by mail."""

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage, Wire(), Wire(Platform.EMAIL))
        mails = self.sending.channels[Platform.EMAIL]
        assert isinstance(mails, Wire)
        self.mailed = mails.chats

    async def chose(self, person_id: int, topic: Topic, way: Way) -> None:
        await self.storage.write(lambda tx: preferences.keep(tx, person_id, Preferences({topic: way})))


@pytest.fixture
def two(storage: Storage) -> Two:
    return Two(storage)


async def test_who_blocked_the_bot_is_written_a_mail_once(two: Two, client: int, mail: str) -> None:
    two.wire.troubles.append(CannotReach(Unreachable.BLOCKED))
    row_id = await two.put(client, "a", NoticeKind.REMINDER)
    await two.sweep()
    assert (await two.row(row_id)).state is Delivery.SENT
    assert (two.wire.chats, two.mailed) == ({}, {mail: ["a"]})
    await two.put(client, "b")
    await two.sweep()
    assert two.mailed == {mail: ["a", "b"]}


async def test_a_chat_is_first_where_nothing_was_chosen(two: Two, client: int, mail: str) -> None:
    await two.put(client, "a", NoticeKind.REMINDER)
    await two.sweep()
    assert (two.wire.chats, two.mailed) == ({"2002": ["a"]}, {})


async def test_only_mail(two: Two, client: int, mail: str) -> None:
    await two.chose(client, Topic.REMINDERS, Way(Where.EMAIL))
    await two.put(client, "a", NoticeKind.REMINDER)
    await two.put(client, "b", NoticeKind.MESSAGE)
    await two.sweep()
    await two.sweep()
    assert (two.wire.chats, two.mailed) == ({"2002": ["b"]}, {mail: ["a"]})


async def test_a_copy_comes_by_mail_once(two: Two, client: int, mail: str) -> None:
    await two.chose(client, Topic.REMINDERS, Way(Where.COPY))
    row_id = await two.put(client, "a", NoticeKind.REMINDER, subject=Subject("booking", 1))
    await two.sweep()
    await two.sweep()
    assert (two.wire.chats, two.mailed) == ({"2002": ["a"]}, {mail: ["a"]})
    first = await two.row(row_id)
    rows = await two.storage.read(lambda tx: outbox.of_subjects(tx, [Subject("booking", 1)]))
    assert [(each.state, each.notice.key) for each in rows] == [
        (Delivery.SENT, first.notice.key), (Delivery.SENT, f"{first.notice.key}:copy"),
    ]  # fmt: skip


async def test_what_an_answer_said_is_mailed_to_who_wants_that(two: Two, client: int, mail: str) -> None:
    await two.chose(client, Topic.BOOKING, Way(Where.COPY))
    about = Subject("booking", 1)
    await two.put(client, "a", NoticeKind.BOOKED, subject=about)
    [chat] = await two.storage.read(lambda tx: people.chats_of(tx, client))
    replies = Replies(two.storage)
    for message in ("9", "10"):
        await replies.adopt(chat, NoticeKind.BOOKED, about, "2002", message, NOW)
    await two.sweep()
    assert (two.wire.chats, two.mailed) == ({}, {mail: ["a"]})


async def test_what_nobody_wants_is_not_sent(two: Two, client: int) -> None:
    await two.chose(client, Topic.NEWS, Way(Where.NOWHERE))
    news, safety = await two.put(client, "a", NoticeKind.TIMES_FREE), await two.put(client, "b", NoticeKind.REMOVED)
    await two.sweep()
    await two.sweep()
    row = await two.row(news)
    assert (row.state, row.note) == (Delivery.DROPPED, "switched_off")
    assert (await two.row(safety)).state is Delivery.SENT
    assert two.wire.chats == {"2002": ["b"]}


async def test_nothing_but_its_code_goes_to_an_address_that_is_not_proved(two: Two, client: int) -> None:
    account_id = await two.storage.write(lambda tx: addresses.add(tx, client, Platform.EMAIL, MAIL, NOW))
    two.wire.troubles.append(CannotReach(Unreachable.BLOCKED))
    row_id = await two.put(client, "a")
    await two.sweep()
    assert ((await two.row(row_id)).state, two.mailed) == (Delivery.DEAD, {})

    told = Notice("code", client, NoticeKind.ADDRESS_CODE, "code", NOW)
    code = await two.storage.write(lambda tx: outbox.put(tx, told, NOW, account_id=account_id))
    assert code is not None
    await two.sweep()
    assert (await two.row(code)).state is Delivery.SENT
    assert two.mailed == {f"new:{account_id}": ["code"]}
