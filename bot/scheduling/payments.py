"""What repeats for the money: silent pages are asked about, refunds carried out, kept events applied."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.scheduling.sweeps import Sweep
from bot.services.payments.payments import Payments

ASK_S, REFUND_S, APPLY_S = 5, 3, 10
"""Each payment says itself when it is to be asked about again, 30 s after the last question: one whose message was
lost is found within a minute."""


def of_payments(payments: Payments, now: Callable[[], datetime], wake: Callable[[], None]) -> list[Sweep]:
    """None while payments are off. `wake`: notices were written."""

    def then_send(work: Callable[[datetime], Awaitable[int]]) -> Callable[[], Awaitable[object]]:
        async def run() -> None:
            if await work(now()):
                wake()

        return run

    if not payments.on:
        return []
    return [
        Sweep("payments", ASK_S, then_send(payments.ask_due)),
        Sweep("refunds", REFUND_S, then_send(payments.refund_due)),
        Sweep("payment-events", APPLY_S, then_send(payments.apply_due)),
    ]
