"""Installing into a workspace through Slack's pages, and what goes wrong on the way."""

import io
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import yaml

from bot.channels.slack.install_state import LIFETIME, InstallState
from bot.channels.slack.oauth import COOKIE, SCOPES
from bot.domain.practice.workspaces import Workspace, WorkspaceState
from bot.pages.headers import HEADERS, HEADERS_WITH_A_FORM, STYLE
from tests.architecture.source import ROOT
from tests.channels.slack.slack_setup import SlackSetup, desk
from tests.channels.slack.slack_workspaces import LONG_AGO


@pytest.fixture
async def slack() -> AsyncIterator[SlackSetup]:
    async with desk(own_token=False) as made:
        await made.there.act("uninstall", events=[])
        yield made


async def get(slack: SlackSetup, path: str, cookie: str = "") -> tuple[int, str, str]:
    """The session of these tests keeps no cookies: they are on this machine's own address."""
    headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    address = f"{slack.served.url}{path}"
    async with slack.there.session.get(address, allow_redirects=False, headers=headers) as answer:
        return answer.status, await answer.text(), answer.headers.get("Location", "")


async def post(slack: SlackSetup, form: dict[str, str], headers: dict[str, str]) -> tuple[int, str]:
    body = urlencode(form).encode()
    given = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    address = f"{slack.served.url}/slack/oauth_redirect"
    async with slack.there.session.post(address, data=io.BytesIO(body), headers=given) as answer:
        return answer.status, await answer.text()


async def begun(slack: SlackSetup) -> str:
    _status, _text, location = await get(slack, "/slack/install")
    return parse_qs(urlsplit(location).query)["state"][0]


async def test_a_workspace_installs_and_is_answered(slack: SlackSetup) -> None:
    address = f"{slack.served.url}/slack/install"
    landed = await slack.there.act("install", install_url=address)
    assert (landed["ok"], landed["status"]) == (True, 200)
    [installation] = slack.workspaces.installed_ones
    assert (installation.team_ref, installation.team_name) == ("T0AAA", "Harbour Coaching")
    assert (installation.token, installation.bot_user_ref) == (landed["token"], landed["bot_user"])
    assert installation.installer_ref == slack.there.user
    assert installation.token not in repr(installation)
    await slack.act("say", text="hello")
    slack.there.token = landed["token"]
    assert "Welcome" in str(await slack.last())
    assert slack.there.standin.journal.calls("auth.test") == []


@pytest.mark.parametrize(
    ("named", "known_as"),
    [("\u202eHarbour\u2066 15:00", "Harbour 15:00"), ("Harbour \ud83d", "Harbour \ufffd"), (7, None)],
)
async def test_a_workspace_of_any_name_installs(slack: SlackSetup, named: object, known_as: str | None) -> None:
    slack.there.standin.slack.teams["T0AAA"].name = named  # type: ignore[assignment]
    landed = await slack.there.act("install", install_url=f"{slack.served.url}/slack/install")
    assert landed["status"] == 200
    assert [each.team_name for each in slack.workspaces.installed_ones] == [known_as]


async def test_the_page_of_slack_is_asked_for_what_the_manifest_says(slack: SlackSetup) -> None:
    status, _text, location = await get(slack, "/slack/install")
    query = parse_qs(urlsplit(location).query)
    manifest = yaml.safe_load((ROOT / "docs" / "slack-manifest.yaml").read_text())
    assert status == 302
    assert location.startswith(f"{slack.there.served.url}/oauth/v2/authorize?")
    assert query["scope"] == [",".join(SCOPES)]
    assert list(SCOPES) == manifest["oauth_config"]["scopes"]["bot"]
    assert query["redirect_uri"] == [f"{slack.served.url}/slack/oauth_redirect"]


async def test_a_state_is_ours_and_in_time(slack: SlackSetup) -> None:
    """It may be shown twice: the code that comes with it is single-use, and Slack sees to that."""
    state = await begun(slack)
    signed, _dot, mac = state.rpartition(".")
    nonce, _dot, ends = signed.partition(".")
    stretched = f"{nonce}.{int(ends) + 9}.{mac}"
    for query in ("", "?state=", "?state=made-up&code=c", f"?code=c&state={state}x", "?state=..%C3%BC"):
        status, text, _location = await get(slack, f"/slack/oauth_redirect{query}", state)
        assert (status, "begun" in text) == (400, True)
    for forged in (stretched, f"{signed}.", f".{mac}", f"{signed}.{mac.upper()}"):
        status, text, _location = await get(slack, f"/slack/oauth_redirect?code=c&state={forged}", forged)
        assert (status, "begun" in text) == (400, True)
    status, text, _location = await get(slack, f"/slack/oauth_redirect?state={state}&error=access_denied", state)
    assert (status, "cancelled" in text) == (400, True)
    assert slack.workspaces.installed_ones == []


def test_a_state_ends_after_ten_minutes_and_belongs_to_one_app() -> None:
    states, now = InstallState("secret"), datetime(2026, 12, 1, 9, tzinfo=UTC)
    state = states.new(now)
    assert states.holds(state, now + LIFETIME - timedelta(seconds=1))
    assert not states.holds(state, now + LIFETIME)
    assert not InstallState("another").holds(state, now)
    assert states.new(now) != state


async def test_an_installation_asks_the_database_for_nothing_until_it_ends(slack: SlackSetup) -> None:
    slack.workspaces.away = True
    assert (await get(slack, "/slack/install"))[0] == 302


async def test_an_installation_ends_in_the_browser_that_began_it(slack: SlackSetup) -> None:
    """Whoever is lured to a link that somebody else began installs nothing, and does not end it for them."""
    state, other = await begun(slack), await begun(slack)
    for cookie in (other, "ü"):
        status, text, _location = await get(slack, f"/slack/oauth_redirect?state={state}&code=wrong", cookie)
        assert (status, "begun" in text) == (400, True)
    status, text, _location = await get(slack, f"/slack/oauth_redirect?state={state}&code=wrong", state)
    assert "Slack did not accept" in text
    async with slack.there.session.get(f"{slack.served.url}/slack/install", allow_redirects=False) as answer:
        cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=600", "Path=/"} <= set(cookie.split("; "))


async def test_a_browser_without_cookies_is_asked_before_anything_is_exchanged(slack: SlackSetup) -> None:
    state = await begun(slack)
    code = 'c"><script>'
    query = urlencode({"state": state, "code": code})
    status, text, _location = await get(slack, f"/slack/oauth_redirect?{query}")
    assert (status, "Install the app?" in text, "<script>" in text) == (200, True, False)
    assert slack.there.standin.journal.calls("oauth.v2.access") == []

    form = {"state": state, "code": code}
    own = {"Origin": slack.served.url}
    for headers, given in (
        ({}, form),
        ({"Origin": "null"}, form),
        ({"Origin": "https://evil.example"}, form),
        (own | {"Sec-Fetch-Site": "cross-site"}, form),
        (own, {**form, "state": f"{state}x"}),
        (own, {**form, "code": ""}),
        (own | {"Cookie": f"{COOKIE}={await begun(slack)}"}, form),
        (own | {"Content-Type": "multipart/form-data; boundary=x"}, form),
    ):
        assert (await post(slack, given, headers))[0] == 400
    assert slack.there.standin.journal.calls("oauth.v2.access") == []

    for headers in (own, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}):
        status, text = await post(slack, form, headers)
        assert (status, "Slack did not accept" in text) == (400, True)
    assert len(slack.there.standin.journal.calls("oauth.v2.access")) == 2


async def test_a_browser_that_ended_its_installation_is_asked_like_any_other(slack: SlackSetup) -> None:
    state = await begun(slack)
    address = f"{slack.served.url}/slack/oauth_redirect?state={state}&code=wrong"
    async with slack.there.session.get(address, headers={"Cookie": f"{COOKIE}={state}"}) as answer:
        assert "Max-Age=0" in answer.headers["Set-Cookie"]


async def test_a_code_that_slack_refuses_installs_nothing(slack: SlackSetup) -> None:
    state = await begun(slack)
    assert (await get(slack, f"/slack/oauth_redirect?state={state}&code=wrong", state))[0] == 400
    slack.there.standin.faults.add("oauth.v2.access", "status", status=503)
    state = await begun(slack)
    assert (await get(slack, f"/slack/oauth_redirect?state={state}&code=wrong", state))[0] == 502
    assert slack.workspaces.installed_ones == []


async def test_a_closed_workspace_stays_closed(slack: SlackSetup) -> None:
    slack.workspaces.known["T0AAA"] = Workspace("T0AAA", None, None, LONG_AGO, state=WorkspaceState.CLOSED)
    landed = await slack.there.act("install", install_url=f"{slack.served.url}/slack/install")
    assert "closed this workspace" in landed["body"]


async def test_a_practice_of_one_workspace_takes_no_installations() -> None:
    async with desk() as slack:
        assert (await get(slack, "/slack/install"))[0] == 404
        assert (await get(slack, "/slack/oauth_redirect?state=a&code=b"))[0] == 400


async def test_a_stranger_s_cookies_and_form_cost_no_time(slack: SlackSetup) -> None:
    """aiohttp's reader of cookies takes fourteen milliseconds for this header, ten times as long as all the rest."""
    state = await begun(slack)
    began = time.process_time()
    for _ in range(30):
        assert (await get(slack, f"/slack/oauth_redirect?state={state}", "a " * 3_900))[0] == 400
    assert time.process_time() - began < 0.3
    large = {"state": state, "code": "c", "more": "&" * 3_000}
    assert (await post(slack, large, {"Origin": slack.served.url}))[0] == 400


async def test_our_cookie_is_found_among_others(slack: SlackSetup) -> None:
    state = await begun(slack)
    path = f"/slack/oauth_redirect?state={state}&code=wrong"
    status, text, _location = await get(slack, path, f"x; a=b; {COOKIE}={state}")
    assert (status, "begun" in text) == (400, True)  # the first of two counts, as browsers send the nearest first
    headers = {"Cookie": f"theme=dark; {COOKIE}={state};b"}
    async with slack.there.session.get(f"{slack.served.url}{path}", headers=headers) as answer:
        assert "Slack did not accept" in await answer.text()


async def test_a_page_of_the_installation_is_guarded_as_every_page_of_ours_is(slack: SlackSetup) -> None:
    """No script, no frame, nothing kept, nothing told to other sites, and no style but our own."""
    state = await begun(slack)
    pages = {
        "/slack/install": HEADERS,
        "/slack/oauth_redirect": HEADERS,
        f"/slack/oauth_redirect?state={state}&error=access_denied": HEADERS,
        f"/slack/oauth_redirect?state={state}&code=c": HEADERS_WITH_A_FORM,
    }
    for path, wanted in pages.items():
        async with slack.there.session.get(f"{slack.served.url}{path}", allow_redirects=False) as answer:
            assert {name: answer.headers.get(name) for name in wanted} == wanted, path
            text = await answer.text()
        assert answer.status == 302 or f"<style>{STYLE}</style>" in text, path
    assert "form-action 'self'" in HEADERS_WITH_A_FORM["Content-Security-Policy"]
    assert "form-action 'none'" in HEADERS["Content-Security-Policy"]
