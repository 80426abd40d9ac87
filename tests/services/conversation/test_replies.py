"""A page that comes a second time never stays over the message that another process made of its own meanwhile."""

from datetime import timedelta

from bot.domain.notices.notices import NoticeKind
from bot.domain.notices.outgoing import OutboxRow
from bot.services.conversation.replies import Replies
from storage.engine import Storage
from storage.notices import outbox
from storage.people import conversations, people
from tests.services.bare_practice import NOW
from tests.services.selling_practice import SellingPractice


async def test_what_was_drawn_over_is_drawn_again(storage: Storage) -> None:
    practice = await SellingPractice(storage).open()
    booking = await practice.book((await practice.starts())[0])
    (account,) = await storage.read(lambda tx: people.accounts_of(tx, booking.person_id))
    replies, now, until = Replies(storage), NOW, NOW + timedelta(hours=1)
    await storage.write(lambda tx: conversations.set_living(tx, account.id, "7"))

    async def row() -> OutboxRow:
        rows = await storage.read(lambda tx: outbox.of_subjects(tx, [booking.subject], {NoticeKind.BOOKED}))
        return next(row for row in rows if row.notice.person_id == booking.person_id)

    assert await replies.is_living(account, "7", now)
    assert (await row()).correct_at is None
    await replies.adopt(account, NoticeKind.BOOKED, booking.subject, "chat", "7", now, until=until)
    assert not await replies.is_living(account, "7", now)
    await replies.redraw(account, "8", now)
    assert (await row()).correct_at == until
    await replies.redraw(account, "7", now)
    assert (await row()).correct_at == now
