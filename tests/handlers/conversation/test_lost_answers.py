"""Answers that did not get through: said again by the outbox, as long as the person has not gone on."""

from datetime import timedelta

from bot.chat.screen import Screen
from bot.domain.notices.notices import NoticeKind
from bot.domain.notices.outgoing import Delivery, OutboxRow
from bot.handlers.conversation.chat_front import ChatFront
from storage.engine import Tx
from storage.notices import outbox_claims
from tests.handlers.bare_chat import GUARD, BareChat
from tests.handlers.conversation.test_chat import THEO, Chat
from tests.scheduling.platform import Post, Wire


class Lost(Chat):
    async def loses(self) -> OutboxRow:
        """The last reply did not get through; what the outbox has of it."""
        front = ChatFront(self.chat.desk, self.chat.router, GUARD, self.chat.practice.now, wrote=lambda: None)
        await front.unseen(self.reply, 40)
        now = self.chat.practice.now() + timedelta(seconds=40)

        def work(tx: Tx) -> list[OutboxRow]:
            rows = outbox_claims.claim(tx, "test", now, 10, 1)
            return [row for row in rows if row.notice.kind is NoticeKind.ANSWER]

        (row,) = await self.chat.practice.storage.write(work)
        return row

    async def hears_again(self, row: OutboxRow) -> Screen | None:
        return await self.chat.notice(self.profile, row.notice.address)


async def test_what_was_lost_is_said_again(chat: BareChat) -> None:
    theo = Lost(chat, THEO)
    await theo.follows(f"offer-{chat.practice.free.id}")
    row = await theo.loses()
    again = await theo.hears_again(row)
    assert again is not None
    assert again.title == theo.screen.title
    assert row.account_id == theo.reply.account.id


async def test_a_lost_question_is_asked_again(chat: BareChat) -> None:
    theo = Lost(chat, THEO)
    await theo.follows(f"offer-{chat.practice.free.id}")
    await theo.presses("Change zone")
    await theo.presses("Another city or time")
    again = await theo.hears_again(await theo.loses())
    assert again is not None
    assert "Your city" in "".join(line.text for line in again.body)


async def test_who_has_gone_on_is_not_called_back(chat: BareChat) -> None:
    theo = Lost(chat, THEO)
    await theo.follows(f"offer-{chat.practice.free.id}")
    row = await theo.loses()
    await theo.orders("/sessions")
    assert await theo.hears_again(row) is None


async def test_it_goes_out_once_and_to_the_same_account(chat: BareChat) -> None:
    theo = Lost(chat, THEO)
    await theo.follows(f"offer-{chat.practice.free.id}")
    row = await theo.loses()
    post = Post(chat.practice.storage, Wire())
    post.now = chat.practice.now()
    post.shown[row.notice.address] = theo.screen
    await post.sweep(timedelta(minutes=2))
    assert post.wire.chats[THEO.user_ref] == [theo.screen.title]
    assert (await post.row(row.id)).state is Delivery.SENT
