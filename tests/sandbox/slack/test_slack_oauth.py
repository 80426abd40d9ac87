"""Installing through the stand-in's pages with bolt's own OAuth flow."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.standin import serve
from tests.sandbox.slack.slack_driver import Workspace, workspace

# slack_sdk 3.47 still sends the client's credentials with aiohttp's old class.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")

BACK = "http://127.0.0.1:1/slack/oauth_redirect"


@pytest.fixture
async def there() -> AsyncIterator[Workspace]:
    async with workspace() as made:
        await made.act("uninstall", events=[])
        yield made


@pytest.fixture
async def installable(there: Workspace, tmp_path: Path) -> AsyncIterator[tuple[str, FileInstallationStore]]:
    """The address and the store of a bolt app that can be installed."""
    flow: dict[str, AsyncOAuthFlow] = {}

    async def install(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await flow["app"].handle_installation(await to_bolt_request(request)))

    async def redirected(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await flow["app"].handle_callback(await to_bolt_request(request)))

    app = web.Application()
    app.router.add_get("/slack/install", install)
    app.router.add_get("/slack/oauth_redirect", redirected)
    served = await serve(app)
    identity = there.standin.identity
    store = FileInstallationStore(base_dir=str(tmp_path / "installs"))
    settings = AsyncOAuthSettings(
        client_id=identity.client_id,
        client_secret=identity.client_secret,
        scopes=["commands", "chat:write"],
        redirect_uri=f"{served.url}/slack/oauth_redirect",
        authorization_url=f"{there.served.url}/oauth/v2/authorize",
        installation_store=store,
        state_store=FileOAuthStateStore(expiration_seconds=600, base_dir=str(tmp_path / "states")),
        # bolt marks its state cookie Secure, which no browser sends back over plain http.
        state_validation_enabled=False,
    )
    client = AsyncWebClient(base_url=f"{there.served.url}/api/", session=there.session)
    bolt = AsyncApp(signing_secret=identity.signing_secret, oauth_settings=settings, client=client)
    assert bolt.oauth_flow is not None
    flow["app"] = bolt.oauth_flow
    yield served.url, store
    await served.close()


def asked(there: Workspace, **more: str) -> dict[str, str]:
    known = {"client_id": there.standin.identity.client_id, "scope": "commands", "state": "s1", "redirect_uri": BACK}
    return known | more


async def code_of(there: Workspace) -> str:
    form = asked(there, who=f"{there.team}/{there.user}", answer="allow")
    address = f"{there.served.url}/oauth/v2/authorize"
    async with there.session.post(address, data=form, allow_redirects=False) as answer:
        back = urlsplit(answer.headers["Location"])
    query = parse_qs(back.query)
    assert (answer.status, query["state"]) == (302, ["s1"])
    return query["code"][0]


async def exchange(there: Workspace, code: str, secret: str | None = None, back: str = BACK) -> str:
    identity = there.standin.identity
    try:
        answer = await there.client.oauth_v2_access(
            client_id=identity.client_id,
            client_secret=secret or identity.client_secret,
            code=code,
            redirect_uri=back,
        )
    except SlackApiError as refused:
        return str(refused.response["error"])
    return str(answer["access_token"])


async def test_a_person_installs_the_app_in_the_browser(
    there: Workspace, installable: tuple[str, FileInstallationStore]
) -> None:
    address, store = installable
    landed = await there.act("install", install_url=f"{address}/slack/install")
    assert (landed["ok"], landed["status"]) == (True, 200)
    bot = await store.async_find_bot(enterprise_id=None, team_id=there.team)
    assert bot is not None
    assert (bot.bot_token, bot.bot_id, bot.bot_user_id) == (landed["token"], landed["bot_id"], landed["bot_user"])
    there.token = landed["token"]
    assert (await there.client.auth_test())["ok"]


async def test_the_page_names_the_app_and_lets_one_refuse(there: Workspace) -> None:
    address = f"{there.served.url}/oauth/v2/authorize"
    async with there.session.get(address, params=asked(there)) as page:
        words = await page.text()
    assert "Rapport asks for access" in words
    assert "Cleo Adler in Harbour Coaching" in words
    async with there.session.post(address, data=asked(there, answer="cancel"), allow_redirects=False) as refused:
        assert refused.headers["Location"] == f"{BACK}?error=access_denied&state=s1"
    async with there.session.get(address, params=asked(there, client_id="9")) as stranger:
        assert (stranger.status, await stranger.text()) == (400, "invalid_client_id")


async def test_a_code_is_good_once_for_ten_minutes_with_the_right_secret(there: Workspace) -> None:
    code = await code_of(there)
    assert await exchange(there, code, secret="wrong") == "bad_client_secret"
    assert await exchange(there, code, back="http://127.0.0.1:1/other") == "bad_redirect_uri"
    token = await exchange(there, code)
    assert token.startswith("xoxb-")
    assert await exchange(there, code) == "code_already_used"
    assert await exchange(there, "unknown") == "invalid_code"
    late = await code_of(there)
    there.standin.clock.advance(601)
    assert await exchange(there, late) == "invalid_code"


async def test_the_app_can_remove_itself(there: Workspace) -> None:
    there.token = (await there.act("install"))["token"]
    identity = there.standin.identity
    await there.client.apps_uninstall(client_id=identity.client_id, client_secret=identity.client_secret)
    with pytest.raises(SlackApiError, match="account_inactive"):
        await there.client.auth_test()
