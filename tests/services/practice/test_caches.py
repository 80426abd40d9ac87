"""What is kept in memory is no older than `docs/decisions/0010-caches.md` says, and sells nothing twice."""

import asyncio

import pytest

from bot.channels.slack import profiles
from bot.domain.refusals import Done
from bot.services.bookings.bookings import Bookings, Quote
from bot.services.practice import workspaces
from bot.services.practice.workspaces import Installation, Workspaces
from bot.services.reactions import react
from storage.engine import Storage
from tests.channels.slack.slack_setup import desk
from tests.services.bare_practice import DEPLOYMENT, NOW, OWNER, BarePractice, done
from tests.services.selling_practice import SellingPractice, guest

SOON = 0.2


def test_the_lifetimes_are_those_that_were_written_down() -> None:
    assert workspaces.CACHE_SECONDS <= 5
    assert profiles.KEPT_SECONDS <= 600


async def test_a_workspace_closed_by_another_process_is_not_answered_for_long(
    bare_practice: BarePractice, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspaces, "CACHE_SECONDS", SOON)
    here, there = bare_practice.workspaces, Workspaces(storage, DEPLOYMENT)
    await here.installed(Installation("T0AAA", "Harbour", "xoxb-1"), NOW)
    assert await there.token_for("T0AAA") is not None
    done(await here.close(await bare_practice.act(OWNER), "T0AAA"))
    assert await here.token_for("T0AAA") is None
    await asyncio.sleep(SOON * 1.2)
    assert await there.token_for("T0AAA") is None


async def test_a_new_token_is_used_by_other_processes_before_long(
    bare_practice: BarePractice, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspaces, "CACHE_SECONDS", SOON)
    there = Workspaces(storage, DEPLOYMENT)
    for token in ("xoxb-1", "xoxb-2"):
        await bare_practice.workspaces.installed(Installation("T0AAA", "Harbour", token), NOW)
        await asyncio.sleep(SOON * 1.2)
        found = await there.token_for("T0AAA")
        assert found is not None
        assert found.token == token


async def test_an_old_page_of_another_process_sells_nothing_twice(storage: Storage) -> None:
    """Both processes showed the time as free; the second to book is told that it is gone."""
    selling_practice = await SellingPractice(storage).open()
    there = Bookings(storage, react)
    at = (await selling_practice.starts())[0]
    one, two = guest(1), guest(2)
    offer_id, coach_id = selling_practice.free.id, selling_practice.coach_id
    quotes = [await each.quote(await selling_practice.meet(who), offer_id, coach_id, at, NOW)
              for each, who in ((selling_practice.bookings, one), (there, two))]  # fmt: skip
    outcomes = []
    for each, who, quote in ((selling_practice.bookings, one, quotes[0]), (there, two, quotes[1])):
        assert isinstance(quote, Quote)
        act = await selling_practice.act(who)
        outcomes.append(
            await each.hold(act, selling_practice.free.id, selling_practice.coach_id, at, tuple(quote.facts))
        )
    assert [isinstance(outcome, Done) for outcome in outcomes] == [True, False]


async def test_a_slack_name_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "KEPT_SECONDS", SOON)
    names = []
    async with desk() as slack:
        for name in ("Cleo Before", "Cleo After"):
            slack.there.standin.slack.teams["T0AAA"].users["U0AAA"].real_name = name
            await slack.act("say", text="hello")
            names.append(slack.front.heard[-1].profile.name)
            await asyncio.sleep(SOON * 1.2)
    assert names == ["Cleo Before", "Cleo After"]
