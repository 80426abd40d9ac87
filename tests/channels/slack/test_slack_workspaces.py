"""Whose workspace it is: installed, removed, closed, foreign, and who writes from it."""

import pytest

from bot.channels.slack import profiles
from bot.domain.people.people import Unreachable
from bot.domain.practice.workspaces import Workspace, WorkspaceState
from tests.channels.slack.slack_payloads import TAP, words
from tests.channels.slack.slack_setup import SlackSetup, desk
from tests.channels.slack.slack_workspaces import LONG_AGO


async def test_who_writes_is_known_by_the_profile(slack: SlackSetup) -> None:
    await slack.act("say", text="hello")
    profile = slack.front.heard[0].profile
    assert (profile.workspace, profile.user_ref, profile.name) == ("T0AAA", "U0AAA", "Cleo Adler")
    assert (profile.zone, profile.language) == ("Europe/Berlin", "en-US")
    assert profile.chat_ref == await slack.there.direct()
    await slack.act("say", text="again")
    assert len(slack.there.standin.journal.calls("users.info")) == 1


async def test_a_profile_that_comes_late_is_known_from_the_next_word_on(
    slack: SlackSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiles, "ANSWER_SECONDS", 0.02)
    slack.there.standin.faults.add("users.info", "slow", seconds=0.2)
    await slack.act("say", text="hello")
    await slack.act("say", text="again")
    assert [incoming.profile.name for incoming in slack.front.heard] == ["", "Cleo Adler"]
    assert len(slack.there.standin.journal.calls("users.info")) == 1


@pytest.mark.parametrize("order", [["app_uninstalled", "tokens_revoked"], ["tokens_revoked", "app_uninstalled"]])
async def test_an_app_that_is_removed_is_told_of(slack: SlackSetup, order: list[str]) -> None:
    told = await slack.act("uninstall", events=order)
    assert told["statuses"] == [200, 200]
    assert slack.front.gone == ["T0AAA", "T0AAA"]
    assert all(at is not None for at in slack.front.gone_at)


async def test_a_workspace_that_is_closed_is_not_answered(slack: SlackSetup) -> None:
    slack.workspaces.known["T0AAA"] = Workspace("T0AAA", None, "t", LONG_AGO, state=WorkspaceState.CLOSED)
    assert (await slack.act("say", text="hello"))["status"] == 200
    await slack.act("command", command="/book")
    assert "Nobody answers" in (await slack.last())["text"]
    assert slack.front.heard == []


async def test_a_single_token_that_works_again_revives_its_workspace(slack: SlackSetup) -> None:
    slack.workspaces.known["T0AAA"] = Workspace("T0AAA", None, None, LONG_AGO, state=WorkspaceState.UNINSTALLED)
    await slack.act("say", text="hello")
    assert slack.workspaces.worked == ["T0AAA"]
    assert "Welcome" in str(await slack.last())


async def test_a_changed_profile_is_followed_once(slack: SlackSetup) -> None:
    await slack.act("say", text="hello")
    await slack.act("profile", tz="America/New_York")
    await slack.act("profile", tz="America/New_York")
    assert [profile.zone for profile in slack.front.changed] == ["America/New_York"]
    await slack.act("profile", deleted=True)
    assert slack.front.unreachable == [("U0AAA", Unreachable.DEACTIVATED)]


async def test_the_environment_of_a_real_deployment_does_not_confuse_bolt(monkeypatch: pytest.MonkeyPatch) -> None:
    """bolt reads the same names as we do, and would look for tokens in files of its own."""
    for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.setenv(name, "from-the-environment")
    async with desk() as slack:
        await slack.act("say", text="hello")
        assert "Welcome" in str(await slack.last())
        assert slack.there.standin.journal.calls("auth.test") == []


FOREIGN = {"team_id": "T0ZZZ", "event_id": "Ev7"}


async def test_a_signed_event_of_a_foreign_workspace_is_acknowledged_and_not_acted_upon(slack: SlackSetup) -> None:
    """The token of the settings belongs to one workspace; the app may be installed in others without our knowing."""
    assert (await slack.send({**words("hello", user="U0ZZZ"), **FOREIGN}))[0] == 200
    tap = {**TAP, "team": {"id": "T0ZZZ"}, "user": {"id": "U0ZZZ", "username": "zoe"}}
    assert (await slack.send(tap, form=True))[0] == 200
    assert slack.front.heard == []
    await slack.send({**words("hello"), "event_id": "Ev8"})
    assert [incoming.profile.workspace for incoming in slack.front.heard] == ["T0AAA"]
    assert len(slack.there.standin.journal.calls("auth.test")) == 1


async def test_whose_token_it_is_may_stay_unknown(slack: SlackSetup) -> None:
    """While Slack does not answer, nobody is turned away."""
    await slack.there.served.close()
    assert (await slack.send({**words("hello", user="U0ZZZ"), **FOREIGN}))[0] == 200
    assert len(slack.front.heard) == 1
