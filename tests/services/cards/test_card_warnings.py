"""Of a card that is offered first its client hears before it ends: once for each end, in good hours, unless stopped."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.domain.bookings.reminders import ReminderKind
from bot.domain.payments.cards import Card
from storage.tables import outbox
from tests.services.bare_practice import CLIENT, NOW, done, made
from tests.services.cards.kept import cards_of, keeps
from tests.services.paid_practice import PaidPractice


async def ends(practice: PaidPractice, card: Card, month: int, year: int) -> None:
    """Its bank says that it ends then, whatever it said before."""
    await practice.control("renew", payment_method=card.ref, exp_month=month, exp_year=year)
    await practice.heard()
    await practice.sweep(seconds=5)


async def told(practice: PaidPractice) -> int:
    for _sweep in range(2):
        await practice.cards.warn(practice.now())
    return len(await practice.notices("card-ending"))


async def test_a_card_that_ends_within_thirty_days_is_told_once_for_each_end(paid_practice: PaidPractice) -> None:
    card = await keeps(paid_practice)
    await ends(paid_practice, card, 12, 2026)
    assert await told(paid_practice) == 0, "it ends in 31 days"
    paid_practice.advance(days=1)
    assert await told(paid_practice) == 1
    paid_practice.advance(days=20)
    assert await told(paid_practice) == 1
    await ends(paid_practice, card, 1, 2027)
    assert await told(paid_practice) == 1
    paid_practice.advance(days=12)
    assert await told(paid_practice) == 2


async def test_a_session_after_the_end_of_the_card_is_told_of_at_once(paid_practice: PaidPractice) -> None:
    paid_practice.advance(days=27)
    card = await keeps(paid_practice)
    await ends(paid_practice, card, 1, 2027)
    assert await told(paid_practice) == 0
    ahead = await paid_practice.starts(after=NOW + timedelta(days=57))
    late = [at for at in ahead if at >= datetime(2027, 2, 1, tzinfo=UTC)]
    await paid_practice.book(late[0], CLIENT, paid_practice.now())
    assert await told(paid_practice) == 1
    found = await paid_practice.cards.ending(card.person_id, card.id, paid_practice.now())
    assert found is not None
    assert found.session == late[0]


async def test_only_of_the_first_one_and_while_they_want_it(paid_practice: PaidPractice) -> None:
    paid_practice.advance(days=10)
    visa = await keeps(paid_practice)
    await keeps(paid_practice, "mastercard")
    other = (await cards_of(paid_practice))[1]
    await ends(paid_practice, other, 12, 2026)
    assert await told(paid_practice) == 0
    act = await paid_practice.act(CLIENT, paid_practice.now())
    done(await paid_practice.people.stop_reminders(act, ReminderKind.CARDS))
    await ends(paid_practice, visa, 12, 2026)
    assert await told(paid_practice) == 0
    act = await paid_practice.act(CLIENT, paid_practice.now())
    done(await paid_practice.people.stop_reminders(act, ReminderKind.CARDS, resume=True))
    assert await told(paid_practice) == 1
    first = (await cards_of(paid_practice))[1]
    act = await paid_practice.act(CLIENT, paid_practice.now())
    made(await paid_practice.cards.use_first(act, first.id, first.version))
    assert await told(paid_practice) == 2


async def test_nobody_is_written_to_at_night(paid_practice: PaidPractice) -> None:
    card = await keeps(paid_practice)
    await ends(paid_practice, card, 12, 2026)
    assert await paid_practice.cards.warn(datetime(2026, 12, 4, 2, tzinfo=UTC)) == 1
    query = sa.select(outbox.c.due).where(outbox.c.kind == "card-ending")
    due = await paid_practice.storage.read(lambda tx: tx.execute(query).scalar_one())
    assert due == datetime(2026, 12, 4, 8, tzinfo=UTC).timestamp()
