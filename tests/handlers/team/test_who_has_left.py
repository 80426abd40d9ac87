"""Nobody stays who has left: who was removed as a coach, or is no owner any more, finds what any stranger finds.

Walked over all routes, with every button that they could tap before.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.chat.router import RouteKind
from bot.domain.people.people import Profile, Role
from bot.handlers.routes import ROUTES
from bot.services.people.people import People
from storage.engine import Tx
from storage.notices import outbox_claims
from storage.tables import audit
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.conversation.crowded import IVA, crowded
from tests.handlers.conversation.test_addresses import reached
from tests.handlers.reports.test_practice_day import OWEN
from tests.handlers.team.test_leaving import ana_coaches
from tests.services.bare_practice import ANA, done, made

NOT_HERE = "This is no longer here"
OTHERWISE = {
    "removed/{coach:id}": "says that one was removed; to that coach alone",
    "agenda": "has the sessions that were kept, none of which is left",
    "agenda/{page:id}": "has the sessions that were kept, none of which is left",
    "today": "leads to `agenda`",
    "calendar": "asks whether clients' names stand in a calendar that has the sessions that were kept",
    "calendar/new": "leads to `calendar`, where there is no link",
    "calendar/off": "leads to `calendar`, where there is no link",
}
"""Pages that differ from those of a stranger, none of which names a client."""

TO_WHAT_WAS_KEPT = re.compile(r"\[Coming sessions\]|\[Help\]|\s")
"""On the first page and on that of one's own sessions, as long as one that was kept is not settled."""


AS_A_CLIENT = {
    "booking.held", "booking.confirmed", "package.asked", "gift.asked", "gift.taken", "credit.granted", "card.agreed",
    "person.on_receipts", "person.told_where", "person.address_removed",
}  # fmt: skip
"""What the old buttons may still do: anybody books and buys for themselves, and takes a gift whose link they have."""

BY_LINK = "gift-shown/{gift:id}/{proof:word}"
"""Shown to whoever opened the link of a gift, whatever they were in the practice."""


async def old_buttons(chat: BareChat, who: Profile, seeds: list[str]) -> set[str]:
    """Every address, tags included, on every page that this person can reach, and the pages themselves."""
    found: set[str] = set(seeds)
    for screens in (await reached(chat, who, seeds)).values():
        for screen in screens:
            found |= {str(screen.address)}
            found |= {button.to for row in screen.buttons for button in row if hasattr(button, "to")}
            if screen.form is not None:
                found.add(screen.form.to)
    return found


def made_up(client: int, coach: int) -> Iterable[str]:
    """An address of each route, its act without a right tag."""
    values = {"person": client, "coach": coach, "day": "20261202", "first": "20261202", "last": "20261203"}
    values |= {"at": "20261202T0800Z", "before": "1", "instant": "20261202T0800Z"}
    for route in ROUTES:
        filled = re.sub(
            r"\{(\w+):(\w+)\}",
            lambda part: str(values.get(part[1], values.get(part[2], {"word": "all", "id": 1}.get(part[2], 1)))),
            route.pattern.text,
        )
        yield filled if route.kind is RouteKind.SHOW else f"{filled}/aaaaaaaa"


async def differences(chat: BareChat, who: Profile, addresses: Iterable[str]) -> dict[str, str]:
    """By route, a page that says something else to this person than to somebody who never had a part here."""
    found: dict[str, str] = {}
    stranger = replace(who, name="Nobody", user_ref="7777", chat_ref="7777")
    one, other = Somebody(chat, who), Somebody(chat, stranger)
    known = {to: route.route for to in sorted(addresses) if (route := chat.router.find(to)) is not None}
    shows = [to for to, route in known.items() if route.kind is RouteKind.SHOW and route.pattern.text != BY_LINK]
    for to in shows:
        await one.goes(to)
        await other.goes(to)
        if neutral(one, who) != neutral(other, who):
            found[known[to].pattern.text] = f"{to}: {one.text}\n\n{other.text}"
    for to in (each for each, route in known.items() if route.kind is RouteKind.DO):
        await one.goes(to)
        if IVA.name in one.text:
            found[known[to].pattern.text] = f"{to}: {one.text}"
    return found


def neutral(somebody: Somebody, who: Profile) -> str:
    return TO_WHAT_WAS_KEPT.sub("", somebody.text.replace(who.name, "Nobody"))


async def acts_of(chat: BareChat, who: Profile) -> set[str]:
    person = (await Somebody(chat, who).turn()).person.id

    def work(tx: Tx) -> set[str]:
        return set(tx.execute(sa.select(audit.c.act).where(audit.c.person_id == person)).scalars())

    return await chat.practice.storage.read(work)


async def drawn(chat: BareChat, who: Profile) -> list[str]:
    """The addresses of notices to this person, of any time, that would go out if they were due now."""
    person = (await Somebody(chat, who).turn()).person.id
    waiting = sa.text("SELECT address FROM outbox WHERE person_id = :person ORDER BY id").bindparams(person=person)
    addresses = await chat.practice.storage.read(lambda tx: list(tx.execute(waiting).scalars()))
    assert addresses
    screens = [(each, await chat.notice(who, each)) for each in addresses]
    return [each for each, screen in screens if screen is not None and not screen.over]


@pytest.fixture
async def seeds(chat: BareChat) -> list[str]:
    """A practice in which everything has happened, all of it with Ana María; both owners were written to."""
    await Somebody(chat, OWEN).turn()
    await ana_coaches(chat)
    seeds = await crowded(chat)
    booking = int(seeds[0].removeprefix("booking/"))
    till = chat.practice
    for who in (ANA, OWEN):
        act = await till.act(who, till.now())
        message = made(await chat.desk.messages.send(act, booking, "Hello Iva", None))
        seeds += [f"message/{message}", f"write/{booking}"]
    iva = (await Somebody(chat, IVA).turn()).person.id
    return [*seeds, "letter/2", "answer-letter/2", f"client/{iva}", f"client/{iva}/0", f"settling/{booking}"]


async def test_a_coach_who_was_removed_finds_what_a_stranger_finds(chat: BareChat, seeds: list[str]) -> None:
    till = chat.practice
    before = await old_buttons(chat, ANA, seeds)
    assert any(to.startswith("client/") for to in before)
    act = await till.act(OWEN, till.now())
    ahead = await chat.desk.coaches.upcoming(till.coach_id, till.now())
    done(await chat.desk.coaches.remove(act, till.coach_id, {each.id: "keep" for each in ahead}))
    till.advance(days=40)
    assert {each.split("/")[0] for each in await drawn(chat, ANA)} <= {"removed"}
    acts, iva = await acts_of(chat, ANA) | AS_A_CLIENT, (await Somebody(chat, IVA).turn()).person.id
    found = await differences(chat, ANA, {*before, *made_up(iva, till.coach_id)})
    assert set(found) <= set(OTHERWISE), "\n\n".join(found[each] for each in set(found) - set(OTHERWISE))
    assert not any(IVA.name in page for page in found.values())
    assert await acts_of(chat, ANA) - acts == set()


async def test_an_owner_who_is_none_any_more_finds_what_a_stranger_finds(chat: BareChat, seeds: list[str]) -> None:
    till = chat.practice
    before = await old_buttons(chat, OWEN, seeds)
    assert {"audit", "clients/all", "setup"} <= before
    assert await drawn(chat, OWEN)
    people = People(till.storage, [("telegram", "", "1001")])
    [change] = await people.compare_owners(till.now())
    assert (change.named, change.refs) == (False, ("slack:T0AAA:U0OWN",))
    chat.use(replace(chat.desk, people=people))
    assert (await Somebody(chat, OWEN).turn()).person.roles == {Role.CLIENT}
    assert await drawn(chat, OWEN) == []
    acts, iva = await acts_of(chat, OWEN) | AS_A_CLIENT, (await Somebody(chat, IVA).turn()).person.id
    found = await differences(chat, OWEN, {*before, *made_up(iva, till.coach_id)})
    assert not found, "\n\n".join(found.values())
    assert await acts_of(chat, OWEN) - acts == set()


async def test_of_what_waits_in_the_outbox_nothing_goes_to_who_has_left(chat: BareChat, seeds: list[str]) -> None:
    """Only what was kept, until it is over."""
    till = chat.practice
    ahead = await chat.desk.coaches.upcoming(till.coach_id, till.now())
    fates = {each.id: "keep" for each in ahead[:1]} | {each.id: "cancel" for each in ahead[1:]}
    done(await chat.desk.coaches.remove(await till.act(OWEN, till.now()), till.coach_id, fates))  # type: ignore[arg-type]
    assert f"remind/{ahead[0].id}/60" in await drawn(chat, ANA)
    past = int(seeds[0].removeprefix("booking/"))
    about = re.compile(rf"(notice/[a-z-]+|remind)/{past}(/|$)")
    assert not [each for each in await drawn(chat, ANA) if about.match(each)]
    person = (await Somebody(chat, ANA).turn()).person.id
    rows = await till.storage.write(lambda tx: outbox_claims.claim(tx, "me", till.now() + timedelta(days=60), 99, 60))
    assert f"notice/settle/{ahead[0].id}" not in {row.notice.address for row in rows if row.notice.person_id == person}
