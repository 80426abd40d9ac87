"""Follows what was sent: adopts replies as the message about a booking, repeats those that were lost, knows when a
message went out."""

from datetime import datetime, timedelta

from bot.domain.notices.notices import Notice, NoticeKind, address_of, copy_of, expiry_of
from bot.domain.notices.ways import copied_to
from bot.domain.people.people import Account
from bot.domain.subjects import Subject
from storage.engine import Storage, Tx
from storage.notices import outbox
from storage.people import adopted_replies, conversations, preferences


class Replies:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def adopt(
        self,
        account: Account,
        kind: NoticeKind,
        subject: Subject,
        chat_ref: str,
        message_ref: str,
        now: datetime,
        key: str | None = None,
        until: datetime | None = None,
    ) -> str | None:
        """The answer to an act (by the update `key`) became its one message; returns the message that was it before.

        What it says holds `until` then, and is drawn again.

        Where the answer was lost, the outbox row says it some seconds later. Who wants that gets it by mail, too.
        """

        adopted = await self._storage.write_one(
            lambda tx: adopted_replies.adopt(tx, subject, kind, account, chat_ref, message_ref, now, key, until)
        )
        if adopted is None:
            return None
        if adopted.chose:
            await self._storage.write(lambda tx: _copy(tx, adopted.row_id, account, now))
        return adopted.before

    async def is_living(self, account: Account, message_ref: str, now: datetime) -> bool:
        found = await self._storage.read_one(lambda tx: conversations.find(tx, account.id, now))
        return found.living_ref == message_ref

    async def redraw(self, account: Account, message_ref: str, now: datetime) -> None:
        """What this message keeps is drawn again, whatever is thought to stand there."""
        await self._storage.write(lambda tx: adopted_replies.redraw(tx, account, message_ref, now))

    async def say_now(self, account: Account, kind: NoticeKind, subject: Subject, now: datetime) -> None:
        """The answer to an act stands where it cannot be kept: its message does not wait for it."""
        await self._storage.write(lambda tx: adopted_replies.hurry(tx, subject, kind, account.person_id, now))

    async def sent_at(self, person_id: int, subject: Subject, address: str) -> datetime | None:
        """When the person's message about something that shows this address went out; None: it did not yet."""
        return await self._storage.read_one(lambda tx: adopted_replies.sent_at(tx, person_id, subject, address))

    async def say_again(self, account: Account, address: str, now: datetime, after: timedelta) -> None:
        """What stands at this address was shown, and was not seen or perhaps not: said again on the same account,
        unless the conversation has gone on by then."""

        def work(tx: Tx) -> None:
            version = conversations.find(tx, account.id, now).version
            key, to = f"answer:{account.id}:{version}", address_of(NoticeKind.ANSWER, version, address)
            due = now + after
            notice = Notice(key, account.person_id, NoticeKind.ANSWER, to, due, expiry_of(NoticeKind.ANSWER, due))
            outbox.put(tx, notice, now, account_id=account.id)

        await self._storage.write(work)


def _copy(tx: Tx, row_id: int, account: Account, now: datetime) -> None:
    """For who wants what the chat says by mail as well."""
    row, reach = outbox.find(tx, row_id), preferences.reach_of(tx, [account.person_id])[account.person_id]
    copy = None if row is None else copied_to(reach, row.notice.kind, account)
    if row is not None and copy is not None:
        outbox.put(tx, copy_of(row.notice, now), now, account_id=copy.id)
