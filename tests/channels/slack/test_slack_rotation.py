"""Slack's token rotation: tokens that end are exchanged once, by one process, and a lost one is told."""

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.channels.slack.api import CLIENTS, Api, Refused
from bot.channels.slack.renewal import AHEAD, Renewals
from bot.channels.slack.tokens import Tokens
from bot.clock import Clock
from bot.config import Slack
from bot.domain.practice.workspaces import Renewal, Workspace
from bot.sandbox.slack.rotation import LIFE
from bot.services.practice.workspaces import Installation, Workspaces
from storage.engine import Storage
from storage.journal import leases
from tests.sandbox.slack import slack_driver
from tests.services.bare_practice import DEPLOYMENT, OWNER, BarePractice
from tests.support.leases import time_passes
from tests.support.unwritable import fills_up, has_room_again

TEAM = "T0AAA"
PATIENCE_S = 30.0
"""Two cores may be busy with other tests for longer than a person waits."""


@dataclass
class Desk:
    """A workspace of an app with rotation, and as many processes as a test makes."""

    there: slack_driver.Workspace
    session: aiohttp.ClientSession
    practice: BarePractice

    def process(self, client_secret: str | None = None) -> tuple[Tokens, Renewals, Workspaces]:
        identity = self.there.standin.identity
        url = f"{self.there.served.url}/api/"
        settings = Slack(None, identity.client_id, client_secret or identity.client_secret, "s", None, url)
        api, workspaces = Api(url, self.session), Workspaces(self.practice.storage, DEPLOYMENT)
        clock = Clock()
        renewals = Renewals(api, settings, workspaces, clock, PATIENCE_S)
        return Tokens(api, workspaces, None, renewals, clock), renewals, workspaces

    async def install(self, *, left: timedelta) -> str:
        """Installed a while ago: the token is good for so long still, here and at Slack."""
        rotation, slack = self.there.standin.rotation, self.there.standin.slack
        rotation.on = True
        pair = rotation.issue(slack.install(slack.teams[TEAM], "U0AAA"))
        rotation._ends[pair["access_token"]] += left - LIFE
        now = Clock.real()
        made = Installation(TEAM, "Acme", pair["access_token"], refresh_token=pair["refresh_token"], ends_at=now + left)
        await self.practice.workspaces.installed(made, now)
        return str(pair["access_token"])

    async def row(self) -> Workspace:
        found = await self.practice.workspaces.find(TEAM)
        assert found is not None
        return found

    def exchanges(self) -> int:
        return len(self.there.standin.journal.calls("oauth.v2.access"))

    async def works(self, token: str | None) -> bool:
        self.there.token = token or ""
        try:
            return bool((await self.there.client.auth_test())["ok"])
        except SlackApiError:
            return False


async def claimed(workspaces: Workspaces) -> Renewal:
    """The right to exchange whatever token there is, however long it is good."""
    renewal = await workspaces.claim_renewal(TEAM, Clock.real() + LIFE + timedelta(hours=1))
    assert renewal is not None
    return renewal


@pytest.fixture
async def rotating(storage: Storage) -> AsyncIterator[Desk]:
    async with slack_driver.workspace() as there, aiohttp.ClientSession() as session:
        yield Desk(there, session, BarePractice(storage))


async def test_a_sweep_exchanges_ahead_of_time_and_nothing_else(rotating: Desk) -> None:
    old = await rotating.install(left=AHEAD + timedelta(minutes=5))
    _tokens, renewals, _workspaces = rotating.process()
    await renewals.ahead()
    assert (rotating.exchanges(), (await rotating.row()).token) == (0, old)

    old = await rotating.install(left=AHEAD - timedelta(minutes=5))
    await renewals.ahead()
    await renewals.ahead()
    new = await rotating.row()
    assert rotating.exchanges() == 1
    assert new.token != old
    assert await rotating.works(new.token)
    assert new.ends_at is not None
    assert new.ends_at > Clock.real() + LIFE - timedelta(minutes=1)
    assert "xoxe" not in repr(new)


async def test_turns_of_two_processes_wait_for_one_exchange(rotating: Desk) -> None:
    old = await rotating.install(left=timedelta(seconds=-5))
    assert not await rotating.works(old)
    processes = [rotating.process()[0] for _each in range(2)]
    got = await asyncio.gather(*(tokens.of(TEAM) for tokens in processes for _turn in range(4)))
    assert rotating.exchanges() == 1
    assert set(got) == {(await rotating.row()).token}
    assert await rotating.works(got[0])


async def test_a_refresh_token_that_slack_refuses_is_told_once(rotating: Desk) -> None:
    owner = await rotating.practice.meet(OWNER)
    old = await rotating.install(left=timedelta(minutes=30))
    rotating.there.standin.rotation._refreshes.clear()
    tokens, renewals, workspaces = rotating.process()
    for _minute in range(3):
        await renewals.ahead()
    assert rotating.exchanges() == 1
    assert await rotating.practice.notices("workspace-lost") == [(owner.id, "notice/workspace-lost", "pending")]
    assert (await rotating.row()).lost_at is not None
    assert await tokens.of(TEAM) == old, "good until it ends"

    await rotating.install(left=LIFE)
    assert (await rotating.row()).lost_at is None
    assert [each.team_ref for each in await workspaces.ending(Clock.real() + LIFE + timedelta(hours=1))] == [TEAM]


async def test_what_slack_did_not_do_is_asked_for_again(rotating: Desk) -> None:
    await rotating.install(left=timedelta(minutes=30))
    _tokens, renewals, _workspaces = rotating.process()
    rotating.there.standin.faults.add("oauth.v2.access", "status", status=503)
    await renewals.ahead()
    await renewals.ahead()
    assert (await rotating.row()).lost_at is None
    assert await rotating.works((await rotating.row()).token)
    assert rotating.exchanges() == 2


async def test_an_answer_that_was_lost_on_its_way_degrades_the_workspace(rotating: Desk) -> None:
    """The refresh token is used up, and the next one came to nobody."""
    owner = await rotating.practice.meet(OWNER)
    old = await rotating.install(left=timedelta(minutes=30))
    _tokens, renewals, _workspaces = rotating.process()
    rotating.there.standin.faults.add("oauth.v2.access", "cut_after")
    for _minute in range(3):
        await renewals.ahead()
    assert (await rotating.row()).lost_at is not None
    assert await rotating.practice.notices("workspace-lost") == [(owner.id, "notice/workspace-lost", "pending")]
    assert await rotating.works(old), "until it ends"


async def test_a_wrong_client_secret_loses_nothing(rotating: Desk) -> None:
    old = await rotating.install(left=timedelta(minutes=30))
    _tokens, mistaken, _workspaces = rotating.process(client_secret="wrong")
    await mistaken.ahead()
    row = await rotating.row()
    assert (row.token, row.lost_at) == (old, None)
    _tokens, mended, _workspaces = rotating.process()
    await mended.ahead()
    assert (await rotating.row()).token != old


async def test_a_token_that_another_process_has_exchanged_is_not_exchanged_again(rotating: Desk) -> None:
    """Slack ends the oldest of three: whoever exchanges for nothing ends a token that others still use."""
    await rotating.install(left=timedelta(seconds=30))
    first, second = rotating.process(), rotating.process()
    remembered = await second[2].token_for(TEAM)
    new = await first[0].of(TEAM)
    assert remembered is not None
    assert remembered.token != new
    assert await second[0].of(TEAM) == new
    assert await second[2].claim_renewal(TEAM, Clock.real() + AHEAD) is None, "nor does a sweep that looked before"
    assert rotating.exchanges() == 1


async def test_whose_lease_ended_writes_what_slack_answered_all_the_same(rotating: Desk) -> None:
    """A refresh token is good once: nobody else was given another pair for it, whoever has the lease by now."""
    owner = await rotating.practice.meet(OWNER)
    await rotating.install(left=timedelta(minutes=30))
    workspaces = rotating.practice.workspaces
    first = await claimed(workspaces)
    assert await workspaces.claim_renewal(TEAM, Clock.real() + AHEAD) is None
    await time_passes(rotating.practice.storage, 31)
    second = await claimed(workspaces)
    assert not await workspaces.token_lost(first, Clock.real()), "the judgement is the second's"
    assert await workspaces.token_lost(second, Clock.real())
    assert await rotating.practice.notices("workspace-lost") == [(owner.id, "notice/workspace-lost", "pending")]
    ends = Clock.real() + LIFE
    assert await workspaces.renewed(first, "xoxe.xoxb-first", "xoxe-first", ends)
    assert not await workspaces.renewed(second, "xoxe.xoxb-second", "xoxe-second", ends)
    row = await rotating.row()
    assert (row.token, row.refresh_token, row.lost_at) == ("xoxe.xoxb-first", "xoxe-first", None)


async def test_what_slack_answered_is_written_however_long_the_database_is_away(
    rotating: Desk, database_url: str
) -> None:
    await rotating.install(left=timedelta(minutes=30))
    _tokens, renewals, _workspaces = rotating.process()
    storage, away = rotating.practice.storage, asyncio.Queue[None]()
    storage.on_away = lambda: away.put_nowait(None)
    rotating.there.standin.faults.add("oauth.v2.access", "slow", seconds=0.3)
    renewing = asyncio.create_task(renewals.ahead())
    lease = f"slack-token:{TEAM}"
    while not await storage.read(lambda tx: leases.taken(tx, lease)):  # noqa: ASYNC110 - who renews is watched from outside
        await asyncio.sleep(0.01)
    await fills_up(storage, database_url)
    await away.get()
    await away.get()
    await has_room_again(storage, database_url)
    await renewing
    assert await rotating.works((await rotating.row()).token)
    assert rotating.exchanges() == 1


async def test_an_installation_meanwhile_wins(rotating: Desk) -> None:
    await rotating.install(left=timedelta(minutes=30))
    renewal = await claimed(rotating.practice.workspaces)
    newest = await rotating.install(left=LIFE)
    assert not await rotating.practice.workspaces.renewed(renewal, "xoxe.xoxb-old", "xoxe-old", Clock.real() + LIFE)
    assert not await rotating.practice.workspaces.token_lost(renewal, Clock.real())
    assert (await rotating.row()).token == newest


async def test_rotation_stays_on_and_ends_tokens(rotating: Desk) -> None:
    """What the stand-in does, as Slack does: no way back, single use, two tokens at a time."""
    there = rotating.there
    before = there.token
    first = await rotating.install(left=LIFE)
    assert not (await there.control("rotation", {"on": False})).get("ok")
    assert await rotating.works(before), "a token from before has no end"
    _tokens, renewals, workspaces = rotating.process()
    tokens = [first]
    for _hours in range(2):
        renewal = await claimed(workspaces)
        said = await renewals._ask(renewal)
        await workspaces.renewed(renewal, said["access_token"], said["refresh_token"], Clock.real() + LIFE)
        with pytest.raises(Refused):
            await renewals._ask(renewal)
        tokens.append(said["access_token"])
    assert [await rotating.works(token) for token in tokens] == [False, True, True]


async def test_a_token_that_is_long_over_costs_no_memory(rotating: Desk) -> None:
    api = Api(f"{rotating.there.served.url}/api/", rotating.session)
    over = weakref.ref(api.client("xoxe.xoxb-1"))
    for number in range(CLIENTS):
        api.client(f"xoxe.xoxb-2-{number}")
    gc.collect()
    assert over() is None
