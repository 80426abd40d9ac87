"""The trail of changes by who did it, what it was about and on which day; things are called by their names."""

import sqlalchemy as sa

from bot.chat.forms import read_form
from bot.domain.people.people import Platform, Profile
from bot.domain.records import About
from bot.handlers.practice import audit_acts
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.team.test_leaving import ana_coaches
from tests.services.bare_practice import ANA, OWNER, done
from tests.services.payments.till import Till

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")


async def test_coaches_and_offers_are_named(chat: BareChat) -> None:
    ana, olga, free = await ana_coaches(chat), Somebody(chat, OWNER), chat.practice.free
    await chat.paid(IVA)
    done(await chat.practice.coaches.pause(await chat.practice.act(OWNER, chat.practice.now()), ana))
    done(await chat.practice.offers.pause(await chat.practice.act(OWNER, chat.practice.now()), free.id, free.version))
    await olga.goes("audit")
    olga.sees("Coach Ana María was paused", "Offer Intro was paused", "The hours of coach Ana María were changed")
    olga.sees("coaches: Olga Owner → Olga Owner, Ana María")
    await olga.goes("audit/only/itself/any")
    olga.sees("Only: by Rapport itself", "was confirmed")
    assert "was paused" not in olga.text


async def test_one_person_one_thing_one_day(chat: BareChat) -> None:
    await chat.booked(IVA)
    await ana_coaches(chat)
    olga = Somebody(chat, OWNER)
    await olga.goes("audit")
    await olga.taps("Who")
    olga.sees("[Iva]", "[Ana María]", "[Olga Owner]", "[Rapport itself]", "[Anybody]")
    await olga.taps("Ana María")
    olga.sees("Only: by Ana María", "The hours of coach Ana María were changed", "[Everything]")
    assert "was confirmed" not in olga.text
    await olga.taps("What")
    await olga.taps("Bookings and messages")
    olga.sees("Only: by Ana María · Bookings and messages", "Nothing fits this.")
    await olga.taps("Who")
    await olga.taps("Iva")
    olga.sees("Only: by Iva · Bookings and messages", "was confirmed")
    await olga.taps("Which day")
    await olga.fills(day="1 dec")
    olga.sees("Only: by Iva · Bookings and messages · Tue 1 Dec", "was confirmed", "[Mon 30 Nov]")
    await olga.taps("Mon 30 Nov")
    olga.sees("Nothing fits this.")
    await olga.taps("Everything")
    assert "Only:" not in olga.text


async def test_a_filter_is_leafed_through(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    for _time in range(6):
        coach = chat.practice.coach_id
        done(await chat.practice.coaches.pause(await chat.practice.act(OWNER, chat.practice.now()), coach))
        done(await chat.practice.coaches.resume(await chat.practice.act(OWNER, chat.practice.now()), coach))
        chat.practice.advance(minutes=1)
    await olga.goes("audit/only/any/team")
    assert olga.text.count("Coach Olga Owner") >= 10
    await olga.taps("Older")
    olga.sees("Only: Coaches and hours", "Coach Olga Owner", "[Newest]")
    await olga.taps("Newest")
    assert olga.screen.address == "audit/only/any/team"


async def test_a_day_that_is_none_and_a_forged_filter(chat: BareChat) -> None:
    olga, ana = Somebody(chat, OWNER), Somebody(chat, ANA)
    await olga.goes("audit/when/any/any")
    assert olga.screen.form is not None
    for raw in ("blursday", "1-3 dec", "2027-12-01"):
        _values, errors = read_form(olga.screen.form, {"day": raw})
        assert "Write one day of the last year" in errors["day"]
    for forged in ("audit/only/pete/any", "audit/only/any/everything", "audit/who/p/any", "audit/what/any/x"):
        await olga.goes(forged)
        olga.sees("This is no longer here")
    await ana.goes("audit/only/any/any")
    ana.sees("This is no longer here")


async def test_entries_that_cannot_be_read_hide_no_others_and_are_not_nothing(chat: BareChat) -> None:
    await ana_coaches(chat)
    olga, at = Somebody(chat, OWNER), int(chat.practice.now().timestamp())
    bad = "INSERT INTO audit (via, act, subject, before, at) VALUES ('cli', 'refund.x', 'refund:1', '7', :at)"
    for _time in range(30):
        await chat.practice.storage.write(lambda tx: tx.execute(sa.text(bad), {"at": at}).close())
    await olga.goes("audit")
    olga.sees("The hours of coach Ana María were changed")
    await olga.goes("audit/only/any/money")
    olga.sees("None of the entries can be read.")
    assert "Nothing" not in olga.text


def test_every_act_is_found_under_one_of_the_choices() -> None:
    for act in {**audit_acts.of("booking"), **audit_acts.of("order")}:
        found = [about for about in About if any(act.startswith(f"{kind}.") for kind in about.kinds)]
        assert len(found) == 1, (act, found)


async def test_what_became_of_a_coupon_is_told_by_its_code(chat: BareChat) -> None:
    till = Till(chat.practice)
    await till.coupon()
    await chat.practice.pays(await chat.practice.page(await till.taken(await till.held(who=IVA), IVA)))
    await chat.practice.heard()
    olga = Somebody(chat, OWNER)
    await olga.goes("audit/only/any/offers")
    olga.sees(
        "Coupon SPRING was entered",
        "price: €45.00 → €36.00",
        "Coupon SPRING was used",
        "Iva, through Stripe · order: 2",
    )
    await olga.goes("audit/only/any/money")
    olga.sees("The payment provider kept its fee of the payment for booking 1")
