"""POST /webhooks/resend: only what is signed, fresh and whole is accepted, and what it tells is applied once."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from bot.channels.email.resend import ResendCarrier
from bot.channels.email.resend_events import ResendEvents, read
from bot.clock import Clock
from bot.domain.notices.delivery_news import DeliveryNews, Fact, Stage
from bot.domain.people.people import Platform, Profile, Unreachable
from bot.integrations.vendor import VendorRefused
from bot.sandbox.mail.mailboxes import Kept
from bot.sandbox.resend.events import SECRET, SOFT, WHY, event, posted
from bot.sandbox.resend.server import ResendStandIn
from bot.sandbox.standin import serve
from bot.services.kit.inbox import Inbox
from bot.services.notices.apply_delivery_news import applying
from bot.web.server import application
from bot.web.vendor_webhook import VendorWebhook
from storage import tables
from storage.engine import Storage, Tx
from storage.people import addresses, people
from tests.channels.email.test_email_headers import LETTER

OTHER = "whsec_YW5vdGhlci1zaWduaW5nLXNlY3JldA=="
AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
MAIL = Kept("re-1", AT, "desk@harbour.example", ("ana@example.org",), "Tomorrow", "", "")


@dataclass
class Office:
    """A product that hears Resend, and one account by mail and one in a chat."""

    storage: Storage
    browser: aiohttp.ClientSession
    url: str
    webhook: VendorWebhook
    inbox: Inbox[None]
    resend: ResendStandIn
    carrier: ResendCarrier
    chatting: int

    async def post(self, body: bytes, headers: dict[str, str]) -> int:
        async with self.browser.post(self.url, data=body, headers=headers) as answer:
            return answer.status

    async def account(self, address: str) -> int:
        """An address that was proved to be the person's."""

        def proved(tx: Tx) -> int:
            chat = people.find_account(tx, self.chatting)
            assert chat is not None
            account_id = addresses.add(tx, chat.person_id, Platform.EMAIL, address, AT)
            found = people.find_account(tx, account_id)
            assert found is not None
            assert addresses.verify(tx, found, AT)
            return account_id

        return await self.storage.write(proved)

    async def mail_to(self, address: str, account: int) -> str:
        return await self.carrier.send(replace(LETTER, to=address, account_id=account))

    async def heard(self, count: int) -> None:
        """So many deliveries of Resend's were answered, and what they told is applied."""
        async with asyncio.timeout(10):
            while len([each for each in self.resend.webhooks.attempts if each.status == 200]) < count:
                await asyncio.sleep(0.005)
                await self.webhook.drain()
            await self.webhook.drain()

    async def standing(self, account: int) -> Unreachable | None:
        found = await self.storage.read(lambda tx: people.find_account(tx, account))
        assert found is not None
        return found.unreachable

    async def kept(self) -> list[tuple[str, str]]:
        rows = sa.select(tables.inbox.c.kind, tables.inbox.c.state).order_by(tables.inbox.c.id)
        return [(row.kind, row.state) for row in await self.storage.read(lambda tx: tx.execute(rows).all())]


@pytest.fixture
async def office(storage: Storage) -> AsyncIterator[Office]:
    ana = Profile(Platform.TELEGRAM, "", "1", "1", "Ana")
    made = await storage.write(lambda tx: people.create(tx, ana, AT))
    inbox = Inbox(storage, ResendEvents(SECRET), applying(read))
    webhook = VendorWebhook(inbox, Clock.real, lambda: None)
    product = await serve(application([webhook.route()]))
    resend = ResendStandIn(webhook_url=f"{product.url}/webhooks/resend", retry_delays=(0.05, 0.1))
    served = await serve(resend.app)
    carrier = ResendCarrier(resend.api_key, served.url)
    async with aiohttp.ClientSession() as browser:
        url = f"{product.url}/webhooks/resend"
        yield Office(storage, browser, url, webhook, inbox, resend, carrier, made.account.id)
    await carrier.close()
    await served.close()
    await product.close()


def told(*, secret: str = SECRET, age_s: float = 0, **more: Any) -> tuple[bytes, dict[str, str]]:
    body = event("email.bounced", MAIL, {"account": "7"}, AT) | more
    return posted(body, secret, Clock.real() - timedelta(seconds=age_s))


@pytest.mark.parametrize(
    ("how", "changed"),
    [
        ({}, None),
        ({}, {"svix-signature": "v1,AAAA"}),
        ({}, {"svix-signature": "nonsense"}),
        ({}, {"svix-signature": "v1,£"}),
        ({}, {"svix-id": "msg_another"}),
        ({}, {"svix-timestamp": "nan"}),
        ({}, {"svix-timestamp": "1e9"}),
        ({}, {"svix-timestamp": ""}),
        ({"secret": OTHER}, {}),
        ({"age_s": 302}, {}),
        ({"age_s": -310}, {}),
        ({"body": [1, 2]}, {}),
        ({"body": None}, {}),
        ({"body": {"type": "email.bounced", "created_at": "2026-12-01T09:00:00Z"}}, {}),
        ({"body": {"type": 7, "created_at": "2026-12-01T09:00:00Z", "data": {}}}, {}),
        ({"body": {"type": "email.bounced", "data": {}}}, {}),
    ],
)
async def test_what_is_not_authentic_fresh_and_whole_is_refused(
    office: Office, how: dict[str, Any], changed: dict[str, str] | None
) -> None:
    body, headers = told(**how)
    assert await office.post(body, {} if changed is None else headers | changed) == 400
    assert await office.kept() == []


async def test_a_byte_was_changed(office: Office) -> None:
    body, headers = told()
    assert await office.post(body.replace(b"re-1", b"re-2"), headers) == 400


async def test_one_event_is_kept_once_and_without_words_of_the_mail(office: Office) -> None:
    same = event("email.delivered", MAIL, {"account": "7"}, AT)
    for age in (0, 290, 3):
        assert await office.post(*posted(same, SECRET, Clock.real() - timedelta(seconds=age))) == 200
    await office.webhook.drain()
    assert await office.kept() == [("email.delivered", "ignored")]  # of no account of ours
    [row] = await office.storage.write(lambda tx: tx.execute(sa.select(tables.inbox.c.external_id)).all())
    assert row.external_id == same["id"]
    body = ResendEvents(SECRET).verify(*posted(same, SECRET, Clock.real())).body
    assert "Tomorrow" not in json.dumps(body)


@pytest.mark.parametrize(
    ("address", "count", "standing"),
    [
        ("ana@example.org", 2, None),
        ("bounced@example.org", 2, Unreachable.BOUNCED),
        ("complained@example.org", 3, Unreachable.COMPLAINED),
        ("suppressed@example.org", 2, Unreachable.BOUNCED),
        ("delayed@example.org", 2, None),
        ("failed@example.org", 2, None),
    ],
)
async def test_what_becomes_of_a_mail_closes_its_account(
    office: Office, address: str, count: int, standing: Unreachable | None
) -> None:
    account = await office.account(address)
    await office.mail_to(address, account)
    await office.heard(count)
    assert await office.standing(account) == standing
    assert {state for _kind, state in await office.kept()} == {"applied"}


async def test_late_doubled_and_out_of_order_they_end_the_same(office: Office) -> None:
    office.resend.webhooks.options.duplicates = 2
    office.resend.webhooks.options.reverse = True
    account = await office.account("complained@example.org")
    number = await office.mail_to("complained@example.org", account)
    [mail] = office.resend.mails.of()
    office.resend.happens("email.bounced", mail)
    await office.heard(12)
    assert mail.id == number
    assert await office.standing(account) == Unreachable.COMPLAINED
    assert sorted(kind for kind, _state in await office.kept()) == [
        "email.bounced", "email.complained", "email.delivered", "email.sent",
    ]  # fmt: skip


async def test_a_full_mailbox_closes_nothing(office: Office) -> None:
    account = await office.account("ana@example.org")
    await office.mail_to("ana@example.org", account)
    [mail] = office.resend.mails.of()
    office.resend.happens("email.bounced", mail, SOFT)
    await office.heard(3)
    assert await office.standing(account) is None


async def test_an_address_is_not_closed_for_the_one_before_it(office: Office) -> None:
    """Its account was told another one since the mail went out."""
    account = await office.account("new@example.org")
    await office.mail_to("bounced@example.org", account)
    await office.heard(2)
    assert await office.standing(account) is None
    assert {state for _kind, state in await office.kept()} == {"ignored"}


@pytest.mark.parametrize("account", ["chatting", 999])
async def test_only_an_account_by_mail_is_closed(office: Office, account: str | int) -> None:
    number = office.chatting if account == "chatting" else 999
    await office.mail_to("bounced@example.org", number)
    await office.heard(2)
    assert await office.standing(office.chatting) is None
    assert {state for _kind, state in await office.kept()} == {"ignored"}


def of(kind: str, tags: object = None, **more: Any) -> DeliveryNews | None:
    body, headers = posted(event(kind, MAIL, {"account": "7"}, AT, more or None), SECRET, Clock.real())
    heard = ResendEvents(SECRET).verify(body, headers)
    return read(heard.kind, {**heard.body, **({} if tags is None else {"tags": tags})})


@pytest.mark.parametrize(
    ("kind", "more", "stage", "fact", "why"),
    [
        ("email.sent", {}, Stage.SENT, None, None),
        ("email.delivery_delayed", {}, Stage.DELAYED, None, None),
        ("email.delivered", {}, Stage.DELIVERED, None, None),
        ("email.complained", {}, Stage.DELIVERED, Fact.COMPLAINED, None),
        ("email.bounced", WHY["email.bounced"], Stage.FAILED, Fact.BOUNCED, "Permanent General"),
        ("email.bounced", SOFT, Stage.FAILED, Fact.BOUNCED_FOR_NOW, "Transient MailboxFull"),
        (
            "email.bounced",
            {"bounce": {"type": "Permanent", "subType": "Suppressed"}},
            Stage.FAILED,
            Fact.SUPPRESSED,
            "Permanent Suppressed",
        ),
        ("email.suppressed", WHY["email.suppressed"], Stage.FAILED, Fact.SUPPRESSED, "OnAccountSuppressionList"),
        ("email.failed", WHY["email.failed"], Stage.FAILED, None, "reached_daily_quota"),
    ],
)
def test_what_an_event_tells(kind: str, more: dict[str, Any], stage: Stage, fact: Fact | None, why: str | None) -> None:
    assert of(kind, **more) == DeliveryNews(7, "ana@example.org", "re-1", AT, stage, fact, why)


def test_events_of_no_message_of_ours() -> None:
    for kind in ("email.opened", "email.clicked", "email.received", "contact.created", "domain.updated"):
        assert of(kind) is None
    for tags in ({}, [], "x", {"account": "x"}, {"account": 7}, {"account": "٧"}, [{"name": "account"}], [7]):
        assert of("email.bounced", tags) is None
    assert of("email.bounced", [{"name": "account", "value": "7"}]) == of("email.bounced")


@pytest.mark.parametrize("broken", [{"to": []}, {"to": None}, {"created_at": "soon"}, {"email_id": None}])
def test_an_event_that_cannot_be_read(broken: dict[str, Any]) -> None:
    whole = {"created_at": AT.isoformat(), "to": ["a@b.example"], "tags": {"account": "7"}, "email_id": "re-1"}
    if broken == {"email_id": None}:
        del whole["email_id"]
        broken = {}
    with pytest.raises(VendorRefused):
        read("email.bounced", whole | broken)
