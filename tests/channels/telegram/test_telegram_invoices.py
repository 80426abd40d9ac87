"""Invoices over the wire: the link, the question that is answered in time, and the money that is told on."""

import pytest

from bot.domain.payments.invoices import Collected, Invoice, Question
from bot.domain.payments.money import Money
from bot.domain.people.people import Profile
from bot.integrations.vendor import VendorAway, VendorRefused
from storage.engine import StorageAway
from tests.channels.telegram.telegram_setup import ScriptedFront, open_channel, until
from tests.sandbox.telegram.running_telegram import open_room

INVOICE = Invoice(7, "Single with Olga", "Tue 2 Feb, 10:00 (Berlin)", Money(4500, "EUR"))


class ScriptedTill:
    def __init__(self) -> None:
        self.refusal: str | None = None
        self.away = 0
        self.questions: list[tuple[str, Question]] = []
        self.money: list[Collected] = []

    async def asked(self, profile: Profile, question: Question) -> str | None:
        self.questions.append((profile.user_ref, question))
        return self.refusal

    async def collected(self, money: Collected) -> None:
        if self.away:
            self.away -= 1
            raise StorageAway("away") if self.away else RuntimeError("a fault")
        self.money.append(money)


async def test_an_invoice_is_paid_once_the_question_was_answered() -> None:
    till = ScriptedTill()
    async with open_room() as running, open_channel(running, "webhook", None, True, ScriptedFront(), till) as setup:
        ana = await running.person()
        await running.act("start", user=ana)
        link = await setup.channel.invoices.make_invoice(INVOICE)
        assert link.startswith("https://t.me/$")
        till.refusal = "This can no longer be paid."
        refused = await running.act("pay", user=ana, link=link)
        await setup.quiet()
        told = await running.act("checkout", checkout=refused["checkout"])
        assert (told["state"], told["why"]) == ("refused", till.refusal)
        till.refusal, till.away = None, 2
        paying = await running.act("pay", user=ana, link=link)
        await until(lambda: till.money)
        assert (await running.act("checkout", checkout=paying["checkout"]))["state"] == "paid"
        assert till.questions == [(str(ana), Question("order:7", Money(4500, "EUR")))] * 2
        [money] = till.money
        assert (money.payload, money.amount) == ("order:7", Money(4500, "EUR"))
        assert money.charge_ref.startswith("ch_")
        assert not setup.front.heard[1:], "nobody said anything"


async def test_what_telegram_does_not_take_is_told_apart_from_its_being_away() -> None:
    async with open_room() as running, open_channel(running, "webhook", None, True, ScriptedFront(), None) as setup:
        for amount in (Money(1, "EUR"), Money(10**9, "EUR")):
            with pytest.raises(VendorRefused, match=r"(?i)currency_total_amount_invalid"):
                await setup.channel.invoices.make_invoice(Invoice(7, "Single", "", amount))
        running.standin.faults.add("createInvoiceLink", "rate_limit")
        with pytest.raises(VendorAway):
            await setup.channel.invoices.make_invoice(INVOICE)
        long = Invoice(7, "Coaching with somebody whose name is long", "x" * 400, Money(4500, "EUR"))
        assert await setup.channel.invoices.make_invoice(long)
        assert setup.calls("createInvoiceLink")[-1]["title"] == "Coaching with somebody whose…"


@pytest.mark.parametrize(
    "paid",
    [
        {},
        {"currency": "eur", "total_amount": 4500},
        {"currency": "EUR", "total_amount": "4500"},
        {"currency": "EUR", "total_amount": 4500, "telegram_payment_charge_id": "", "provider_payment_charge_id": "c"},
        {"currency": "EUR", "total_amount": 4500, "telegram_payment_charge_id": 7, "provider_payment_charge_id": "c"},
    ],
)
async def test_what_is_no_payment_does_nothing(paid: dict[str, object]) -> None:
    till = ScriptedTill()
    async with open_room() as running, open_channel(running, "webhook", None, False, ScriptedFront(), till) as setup:
        user = {"id": 7, "is_bot": False, "first_name": "Ana"}
        chat = {"id": 7, "type": "private", "first_name": "Ana"}
        message = {"message_id": 1, "date": 1, "from": user, "chat": chat, "successful_payment": paid}
        assert await setup.post({"update_id": 1, "message": message}) == 200
        assert await setup.post({"update_id": 2, "pre_checkout_query": {"id": "1", "from": user, **paid}}) == 200
        assert (till.money, [question for _who, question in till.questions if not question.amount]) == ([], [])
