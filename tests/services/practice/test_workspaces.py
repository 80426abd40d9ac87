import asyncio
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.domain.people.people import Unreachable
from bot.domain.practice.workspaces import WorkspaceState
from bot.domain.refusals import Code
from bot.services.practice.workspaces import Installation, Workspaces
from storage import tables
from storage.engine import Storage
from tests.services.bare_practice import ANA, DEPLOYMENT, NOW, OWNER, BarePractice, done, later, refused
from tests.services.booked import book
from tests.support.leases import time_passes

FIRST = Installation("T0AAA", "Acme", "xoxb-first", bot_user_ref="U0BOT", installer_ref="U0INS")
SECOND = replace(FIRST, token="xoxb-second")


async def token(workspaces: Workspaces) -> str | None:
    found = await workspaces.token_for("T0AAA")
    return None if found is None else found.token


async def unreachable(bare_practice: BarePractice) -> list[Unreachable | None]:
    person = await bare_practice.meet_quietly(ANA)
    return [account.unreachable for account in await bare_practice.people.accounts(person)]


async def test_the_newest_installation_wins_and_owners_hear_of_new_workspaces(bare_practice: BarePractice) -> None:
    owner = await bare_practice.meet(OWNER)
    assert await token(bare_practice.workspaces) is None

    await bare_practice.workspaces.installed(FIRST, NOW)
    assert await token(bare_practice.workspaces) == "xoxb-first"
    await bare_practice.workspaces.installed(SECOND, later(1))

    assert await token(bare_practice.workspaces) == "xoxb-second"
    assert await bare_practice.notices("workspace") == [(owner.id, "workspace-new", "pending")]
    assert [each.team_ref for each in await bare_practice.workspaces.all()] == ["T0AAA"]


async def test_tokens_are_sealed_and_not_printed(bare_practice: BarePractice) -> None:
    await bare_practice.workspaces.installed(FIRST, NOW)
    rows = await bare_practice.storage.read(lambda tx: tx.execute(sa.select(tables.workspaces)).all())

    assert "xoxb" not in str(rows)
    assert "Acme" not in str(rows)
    assert "xoxb" not in repr(FIRST)
    assert "xoxb" not in repr(await bare_practice.workspaces.all())


@pytest.mark.parametrize("events", [1, 2, 3])
async def test_an_uninstalled_app_silences_its_people_and_keeps_their_bookings(
    bare_practice: BarePractice, events: int
) -> None:
    """`app_uninstalled` and `tokens_revoked` mean the same: alone, in either order, or once more."""
    coach_id = await bare_practice.set_up()
    await bare_practice.workspaces.installed(FIRST, NOW)
    booking_id = await book(bare_practice, ANA, coach_id, later(60 * 72))
    reminders = await bare_practice.notices("reminder")
    ana = (await bare_practice.meet(ANA)).id
    assert [state for person, _to, state in reminders if person == ana] == ["pending", "pending"]

    for _event in range(events):
        await bare_practice.workspaces.gone("T0AAA", later(1))

    assert await token(bare_practice.workspaces) is None
    assert await unreachable(bare_practice) == [Unreachable.UNINSTALLED]
    states = {(person == ana, state) for person, _to, state in await bare_practice.notices("reminder")}
    assert states == {(True, "cancelled"), (False, "pending")}
    assert [booking.id for booking in await bare_practice.coaches.upcoming(coach_id, NOW)] == [booking_id]
    assert (await bare_practice.trail()).count("workspace.uninstalled") == 1


async def test_two_events_at_once_are_one(bare_practice: BarePractice) -> None:
    await bare_practice.workspaces.installed(FIRST, NOW)
    await bare_practice.meet(ANA)

    await asyncio.gather(*(bare_practice.workspaces.gone("T0AAA", later(1)) for _event in range(4)))

    assert await unreachable(bare_practice) == [Unreachable.UNINSTALLED]
    assert [each.state for each in await bare_practice.workspaces.all()] == [WorkspaceState.UNINSTALLED]


async def test_a_new_installation_revives_people_and_their_reminders(bare_practice: BarePractice) -> None:
    coach_id = await bare_practice.set_up()
    await bare_practice.workspaces.installed(FIRST, NOW)
    await book(bare_practice, ANA, coach_id, later(60 * 72))
    ana = (await bare_practice.meet(ANA)).id
    await bare_practice.workspaces.gone("T0AAA", later(1))

    await bare_practice.workspaces.installed(SECOND, later(2))

    assert await token(bare_practice.workspaces) == "xoxb-second"
    assert await unreachable(bare_practice) == [None]
    pending = [
        to for person, to, state in await bare_practice.notices("reminder") if person == ana and state == "pending"
    ]
    assert len(pending) == 2
    assert len(await bare_practice.notices("workspace")) == 2


async def test_late_news_of_an_installation_before_the_newest_changes_nothing(bare_practice: BarePractice) -> None:
    await bare_practice.workspaces.installed(FIRST, NOW)
    await bare_practice.meet(ANA)
    await bare_practice.workspaces.gone("T0AAA", later(1), later(1))
    await bare_practice.workspaces.installed(SECOND, later(5))

    await bare_practice.workspaces.gone("T0AAA", later(6), later(1))
    assert await token(bare_practice.workspaces) == "xoxb-second"
    assert await unreachable(bare_practice) == [None]

    await bare_practice.workspaces.gone("T0AAA", later(7), later(6))
    assert await token(bare_practice.workspaces) is None
    assert await unreachable(bare_practice) == [Unreachable.UNINSTALLED]


async def test_an_event_whose_time_cannot_be_is_believed_all_the_same(bare_practice: BarePractice) -> None:
    await bare_practice.workspaces.installed(FIRST, NOW)
    await bare_practice.workspaces.gone("T0AAA", later(1), later(-60 * 24 * 365))
    assert await token(bare_practice.workspaces) is None


async def test_somebody_who_blocked_us_stays_blocked_through_it(bare_practice: BarePractice) -> None:
    await bare_practice.workspaces.installed(FIRST, NOW)
    await bare_practice.meet(ANA)
    await bare_practice.people.reachable(ANA, Unreachable.DEACTIVATED, NOW)

    await bare_practice.workspaces.gone("T0AAA", later(1))
    await bare_practice.workspaces.installed(SECOND, later(2))

    assert await unreachable(bare_practice) == [Unreachable.DEACTIVATED]


async def test_a_workspace_that_the_owner_closed_is_not_answered_and_stays_closed(bare_practice: BarePractice) -> None:
    await bare_practice.workspaces.installed(FIRST, NOW)
    await bare_practice.meet(ANA)

    done(await bare_practice.workspaces.close(await bare_practice.act(OWNER), "T0AAA"))

    assert await token(bare_practice.workspaces) is None
    assert await bare_practice.people.meet(ANA, later(1)) is None
    assert await bare_practice.people.meet(replace(ANA, user_ref="U0NEW"), later(1)) is None
    assert await bare_practice.workspaces.installed(SECOND, later(2)) is WorkspaceState.CLOSED
    assert await token(bare_practice.workspaces) is None
    refused(await bare_practice.workspaces.close(await bare_practice.act(OWNER), "T0AAA"), Code.CHANGED)

    done(await bare_practice.workspaces.reopen(await bare_practice.act(OWNER), "T0AAA"))
    assert await token(bare_practice.workspaces) == "xoxb-second"
    assert await bare_practice.people.meet(ANA, later(3)) is not None


async def test_only_an_owner_closes_a_workspace(bare_practice: BarePractice) -> None:
    await bare_practice.workspaces.installed(FIRST, NOW)

    refused(await bare_practice.workspaces.close(await bare_practice.act(ANA), "T0AAA"), Code.NOT_FOUND)
    refused(await bare_practice.workspaces.close(await bare_practice.act(OWNER), "T0XXX"), Code.NOT_FOUND)


async def test_the_token_of_the_settings_serves_until_the_app_is_removed(storage: Storage) -> None:
    bare_practice = BarePractice(storage)
    workspaces = Workspaces(storage, DEPLOYMENT, static_token="xoxb-static")
    await bare_practice.meet(ANA)
    assert await token(workspaces) == "xoxb-static"

    await workspaces.gone("T0AAA", NOW)
    assert await token(workspaces) is None
    assert await unreachable(bare_practice) == [Unreachable.UNINSTALLED]

    await workspaces.mark_working("T0AAA", later(1))
    assert await token(workspaces) == "xoxb-static"
    assert await unreachable(bare_practice) == [None]


async def test_an_organisation_s_installation_serves_its_workspaces(bare_practice: BarePractice) -> None:
    await bare_practice.workspaces.installed(replace(FIRST, team_ref="E0ORG"), NOW)

    found = await bare_practice.workspaces.token_for("T0ANY", "E0ORG")

    assert found is not None
    assert found.token == "xoxb-first"
    assert await bare_practice.workspaces.token_for("T0ANY") is None


@pytest.mark.parametrize("has_owner", [True, False])
async def test_without_any_owner_the_installer_is_told_how_to_become_one(storage: Storage, has_owner: bool) -> None:
    bare_practice = BarePractice(storage)
    workspaces = Workspaces(storage, replace(DEPLOYMENT, has_owner=has_owner))

    await workspaces.installed(FIRST, NOW)

    assert len(await bare_practice.notices("owners")) == (0 if has_owner else 1)


async def test_a_history_is_read_once_a_minute_whoever_reads(bare_practice: BarePractice) -> None:
    other = Workspaces(bare_practice.storage, DEPLOYMENT)
    assert await bare_practice.workspaces.may_read_history("T0AAA")
    assert not await other.may_read_history("T0AAA")
    assert not await bare_practice.workspaces.may_read_history("T0AAA")
    assert await other.may_read_history("T0BBB")
    await time_passes(bare_practice.storage, 60)
    assert await other.may_read_history("T0AAA")
