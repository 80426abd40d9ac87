"""Notices that go by mail, through a real mail server: who takes over from a chat, and what a lost reply costs."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.chat.channel import CannotReach
from bot.chat.screen import Button, Line, Screen
from bot.domain.notices.notices import NoticeKind
from bot.domain.notices.outgoing import Delivery
from bot.domain.people.people import Platform, Unreachable
from bot.scheduling.sending import INTENT_SECONDS
from storage.engine import Storage, Tx
from storage.people import addresses, people
from tests.channels.email.email_setup import PostOffice, post_office
from tests.scheduling.platform import Post, Wire, client_id
from tests.services.bare_practice import NOW
from tests.services.selling_practice import SellingPractice

MAIL = "clara@example.org"
REMIND = "remind/7/1440"


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office() as opened:
        yield opened


@pytest.fixture
async def client(storage: Storage) -> int:
    """Somebody whose bot is blocked, and whose mail is proved to be theirs."""
    person_id = await client_id(SellingPractice(storage))

    def proved(tx: Tx) -> None:
        addresses.add(tx, person_id, Platform.EMAIL, MAIL, NOW)
        [account] = addresses.of_person(tx, person_id)
        assert addresses.verify(tx, account, NOW)

    await storage.write(proved)
    return person_id


@pytest.fixture
def post(storage: Storage, office: PostOffice) -> Post:
    made = Post(storage, Wire())
    made.wire.troubles.append(CannotReach(Unreachable.BLOCKED))
    made.sending.channels = {**made.sending.channels, Platform.EMAIL: office.channel}
    made.shown[REMIND] = Screen(
        "Tomorrow: Coaching", (Line("Wed 2 Dec, 15:00"),), ((Button("Move", "move/7"),),), address=REMIND, language="de"
    )
    return made


async def standing(post: Post, client: int) -> dict[Platform, Unreachable | None]:
    found = await post.storage.read(lambda tx: people.accounts_of(tx, client))
    return {each.platform: each.unreachable for each in found}


async def test_whoever_blocked_the_bot_reads_it_as_a_mail(post: Post, client: int, office: PostOffice) -> None:
    row = await post.put(client, REMIND, NoticeKind.REMINDER)
    await post.sweep()
    await post.sweep()
    [mail] = office.server.mails.of(MAIL)
    assert (mail.subject, mail.header("References")) == ("Tomorrow: Coaching", "<booking-7@harbour.example>")
    assert 'lang="de"' in mail.html
    kept = await post.row(row)
    assert (kept.state, kept.message_ref) == (Delivery.SENT, mail.header("Message-ID"))
    assert MAIL not in repr(kept)


async def test_an_address_that_takes_no_mail_is_closed(post: Post, client: int, office: PostOffice) -> None:
    office.server.faults.add("RCPT", "status", status=550)
    row = await post.put(client, REMIND, NoticeKind.REMINDER)
    await post.sweep()
    assert (await post.row(row)).state is Delivery.DEAD
    assert await standing(post, client) == {
        Platform.TELEGRAM: Unreachable.BLOCKED,
        Platform.EMAIL: Unreachable.BOUNCED,
    }


async def test_a_server_that_does_not_let_us_in_closes_nobody(post: Post, client: int, office: PostOffice) -> None:
    office.server.faults.add("RCPT", "status", status=554)
    row = await post.put(client, REMIND, NoticeKind.REMINDER)
    await post.sweep()
    assert (await post.row(row)).state is Delivery.PENDING
    assert (await standing(post, client))[Platform.EMAIL] is None


async def test_a_lost_reply_costs_one_more_mail_of_the_same_name(post: Post, client: int, office: PostOffice) -> None:
    office.server.faults.add("DATA", "cut_after")
    row = await post.put(client, REMIND, NoticeKind.REMINDER)
    await post.sweep()
    assert (await post.row(row)).state is Delivery.SENDING
    await post.sweep(timedelta(seconds=INTENT_SECONDS + 1))
    assert (await post.row(row)).state is Delivery.SENT
    first, second = office.server.mails.of(MAIL)
    assert first.header("Message-ID") == second.header("Message-ID")
