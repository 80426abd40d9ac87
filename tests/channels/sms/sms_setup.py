"""SMS as a process has them: a practice, a client with a number, the channel, its webhook, and a Twilio to talk to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.channels.port import ChatPlatform
from bot.channels.sms.events import PATH
from bot.channels.sms.office import SmsOffice
from bot.domain.people.people import Account, Platform
from bot.domain.reach.sms_consents import ConsentBy, SmsConsent
from bot.http_route import HttpRoute
from bot.sandbox.standin import SandboxClock, serve
from bot.sandbox.twilio.standin import TwilioStandIn
from bot.services.kit.inbox import Inbox
from bot.services.reach import sms_consents as consenting
from bot.sms_settings import Twilio
from bot.web.server import application
from bot.web.vendor_webhook import VendorWebhook
from storage.engine import Storage, Tx
from storage.notices import sms_messages
from storage.notices.sms_messages import SmsMessage
from storage.people import addresses, people, sms_consents
from tests.services.bare_practice import CLIENT, NOW, BarePractice

NUMBER = "+436601234567"
WORDS = "Texts about your sessions go to this number. STOP ends them."


@dataclass
class SmsSetup:
    practice: BarePractice
    twilio: TwilioStandIn
    office: SmsOffice
    channel: ChatPlatform
    webhook: VendorWebhook
    account: Account
    now: datetime = NOW

    @property
    def storage(self) -> Storage:
        return self.practice.storage

    @property
    def phone(self) -> list[str]:
        return self.twilio.phone(NUMBER)

    async def agree(self) -> None:
        """The client agrees on a page."""

        def work(tx: Tx) -> None:
            consenting.open_again(tx, self.account, WORDS, "de", ConsentBy.PAGE, NOW)

        await self.storage.write(work)

    async def heard(self) -> None:
        """Wait until everything that Twilio has to tell was told and applied; what waits is tried again at once."""
        await self.twilio.callbacks.told()
        await self.webhook.drain()
        [inbox] = self.office.work.inboxes
        await self._until_applied(inbox)

    async def _until_applied(self, inbox: Inbox[object]) -> None:
        while await inbox.apply_due(self.now.replace(year=self.now.year + 1)):
            pass

    async def elsewhere(self, api_url: str) -> None:
        """From now on the product looks for Twilio there."""
        settings = Twilio("AC" + "0" * 32, "x" * 32, self.twilio.sender, api_url=api_url)
        await self.office.aclose()
        self.office = SmsOffice(settings, "http://127.0.0.1:1", self.storage, self.practice.practice.get)
        self.channel = self.office.channel(_url_of, lambda: self.now)

    async def found(self) -> Account:
        found = await self.storage.read(lambda tx: people.find_account(tx, self.account.id))
        assert found is not None
        return found

    async def standing(self) -> SmsConsent | None:
        return await self.storage.read(lambda tx: sms_consents.standing(tx, self.account.id))

    async def agreements(self) -> list[SmsConsent]:
        """The client's, the newest first."""
        return await self.storage.read(lambda tx: sms_consents.of_person(tx, self.account.person_id, 9))

    async def message(self, key: str) -> SmsMessage:
        kept = await self.storage.read(lambda tx: sms_messages.of_notice(tx, self.account.id, key))
        assert kept is not None
        return kept


@asynccontextmanager
async def opened(storage: Storage, sender: str = "+15005550006") -> AsyncIterator[SmsSetup]:
    practice = BarePractice(storage)
    await practice.set_up()
    twilio = TwilioStandIn(clock=SandboxClock(), sender=sender)
    served = [await serve(twilio.app)]
    made: list[SmsSetup] = []

    async def receive(request: web.Request) -> web.Response:
        return await made[0].webhook.receive(request)

    served.append(await serve(application([HttpRoute("POST", PATH, receive, "as the product's own")])))
    settings = Twilio(twilio.account_sid, twilio.auth_token, sender, api_url=served[0].url)
    twilio.inbound_url = served[1].url + PATH
    office = SmsOffice(settings, served[1].url, storage, practice.practice.get)
    channel = office.channel(_url_of, lambda: made[0].now)
    webhook = VendorWebhook(office.work.inboxes[0], lambda: made[0].now, lambda: None)
    account = await _number(practice)
    made.append(SmsSetup(practice, twilio, office, channel, webhook, account))
    try:
        yield made[0]
    finally:
        await webhook.drain()
        await made[0].channel.close()
        for one in reversed(served):
            await one.close()


def _url_of(account: Account, address: str) -> str:
    return f"https://desk.example.org/go/{account.id}/{address}"


async def _number(practice: BarePractice) -> Account:
    """The client's, proved to be theirs."""
    person = await practice.meet(CLIENT)

    def work(tx: Tx) -> Account:
        account_id = addresses.add(tx, person.id, Platform.SMS, NUMBER, NOW)
        account = people.find_account(tx, account_id)
        assert account is not None
        assert addresses.verify(tx, account, NOW)
        return account

    return await practice.storage.write(work)
