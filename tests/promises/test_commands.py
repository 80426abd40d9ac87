"""The operator's commands, run as an operator runs them."""

import asyncio
import base64
import json
import re
from pathlib import Path

import pytest
from aiohttp import web

from bot.config import BadSettings, load
from bot.sandbox.standin import Served, serve
from storage.upkeep import migrate
from tests.journeys.conftest import Open
from tests.journeys.stories import first_day
from tests.promises.commands import CLOSED, rapport
from tests.promises.everything import ask
from tests.promises.posting import Poster, encoded, update
from tests.support.processes import Process
from tests.support.whole_product import WholeProduct

NO_DATABASE, WRONG_SETTINGS = 3, 2


async def test_a_port_in_use_is_said_in_one_sentence(outside: WholeProduct) -> None:
    taken = await serve(web.Application())
    found = await rapport(outside.environment() | {"PORT": taken.url.rpartition(":")[2]}, "web")
    await taken.close()
    assert found.status == 1
    assert re.fullmatch(r"Rapport cannot listen: port \d+ of 127.0.0.1 is taken: [^.]*PORT[^.]*\.\n", found.err), found


async def test_an_address_of_another_machine_is_said_in_one_sentence(outside: WholeProduct) -> None:
    found = await rapport(outside.environment() | {"HOST": "192.0.2.1"}, "web")
    assert (found.status, len(found.err.splitlines())) == (1, 1), found
    assert "192.0.2.1 is no address of this machine" in found.err


@pytest.mark.parametrize("port", ["99999", "many", "-1"])
async def test_a_bad_port_of_the_demo_is_said_in_one_sentence(port: str) -> None:
    found = await rapport({}, "demo", f"--port={port}")
    assert found.status == WRONG_SETTINGS
    assert "no port: it must be a number from 0 to 65535" in found.err
    assert "Traceback" not in found.err


@pytest.mark.parametrize(
    ("misspelt", "meant"), [("TELEGRAM_BOT_TOKN", "TELEGRAM_BOT_TOKEN"), ("DATABASE_URI", "DATABASE_URL")]
)
async def test_a_misspelt_setting_is_named(outside: WholeProduct, misspelt: str, meant: str) -> None:
    known = outside.environment()
    known[misspelt] = known.pop(meant)
    found = await rapport(known, "web")
    assert found.status == WRONG_SETTINGS
    assert f"{misspelt} is no setting: {meant} is meant, most likely" in found.err
    others = {"CLERK_API_URL": CLOSED, "ZOOM_CLIENT_SECRET": "x", "HOSTNAME": "x"}
    assert load(outside.environment() | others).telegram.on


async def test_without_a_chat_web_says_so(outside: WholeProduct) -> None:
    outside.settings |= {"SLACK_BOT_TOKEN": "", "TELEGRAM_BOT_TOKEN": ""}
    web = await outside.start("web")
    await web.answers(outside.url)
    assert "No chat is set up" in web.path.read_text()
    assert await web.stop() == 0


@pytest.mark.parametrize(("command", "explained"), [("keys", "SECRET_KEYS"), ("trace", "reference")])
async def test_help_explains(command: str, explained: str) -> None:
    found = await rapport({}, command, "--help")
    assert found.status == 0
    assert explained in found.out
    assert len(found.out.splitlines()) > 8, found.out


async def test_an_old_schema_is_refused_in_one_sentence(tmp_path: Path, empty_database_url: str) -> None:
    async with WholeProduct(tmp_path, empty_database_url) as product:
        await migrate.migrate(empty_database_url)
        await migrate.downgrade(empty_database_url)
        for command in ("web", "worker"):
            found = await rapport(product.environment(), command)
            assert found.status == NO_DATABASE
            assert re.fullmatch(r"[^.]*`rapport migrate`[^.]*\.\n", found.err), found.err
        assert (await rapport(product.environment(), "migrate")).status == 0
        web = await product.start("web")
        await web.answers(product.url)
        await ask(empty_database_url, "SELECT version_num FROM alembic_version")
        assert await web.stop() == 0


async def test_a_database_that_is_away_is_said_in_one_sentence(outside: WholeProduct) -> None:
    away = {"DATABASE_URL": "postgresql://rapport:secret-of-db@127.0.0.1:9/rapport"}
    for command in ("web", "worker", "migrate"):
        found = await rapport(outside.environment() | away, command)
        assert found.status == NO_DATABASE, found
        assert "DATABASE_URL" in found.err
        assert "Traceback" not in found.err
        assert "secret-of-db" not in found.err
        assert len(found.err.splitlines()) == 1, found.err


async def test_two_start_at_once_on_an_empty_database(tmp_path: Path, empty_database_url: str) -> None:
    async with WholeProduct(tmp_path, empty_database_url) as first:
        folder = tmp_path / "second"
        folder.mkdir()
        async with WholeProduct(folder, empty_database_url) as second:
            webs = await asyncio.gather(first.start("web"), second.start("web"), first.start("worker"))
            await asyncio.gather(webs[0].answers(first.url), webs[1].answers(second.url))
            assert await migrate.state(empty_database_url) == "current"
            assert [await process.stop() for process in webs] == [0, 0, 0]


async def test_a_practice_is_restored_from_its_copy(opened: Open, tmp_path: Path) -> None:
    file, copy = tmp_path / "practice.db", tmp_path / "copy.db"
    product = await opened(f"sqlite:///{file}")
    ana = product.owner("telegram", "Ana Winterfeldt")
    await first_day(ana)
    done = await rapport(product.environment(), "backup", str(copy))  # beside the product that runs
    assert (done.status, "rows in" in done.out) == (0, True), done
    for process in product.processes:
        assert await process.stop() == 0
    copy.replace(file)  # a process that ended in order leaves nothing beside it
    assert not file.with_name("practice.db-wal").exists()
    await product.start_web()
    await ana.says("/coach")
    await ana.sees("Ana Winterfeldt", "https://meet.example/ana")


async def test_postgres_is_copied_by_its_own_tool(outside: WholeProduct) -> None:
    elsewhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}
    found = await rapport(outside.environment() | elsewhere, "backup", "copy.db")
    assert found.status == 1
    assert "pg_dump --enable-row-security" in found.err


async def test_a_new_key_is_one(outside: WholeProduct) -> None:
    key = (await rapport({}, "keys", "new")).out.strip()
    assert len(base64.urlsafe_b64decode(key)) == 32
    assert key != (await rapport({}, "keys", "new")).out.strip()
    assert (await rapport(outside.environment() | {"SECRET_KEYS": key}, "migrate")).status == 0


async def test_a_reference_leads_from_the_tap_to_the_vendor(opened: Open) -> None:
    """Stripe answers with something that it never answers with."""
    odd = await _odd_stripe()
    product = await opened(STRIPE_API_URL=odd.url, LOG_LEVEL="ERROR")
    ana, iva = product.owner("telegram"), product.person("slack", "Iva Tajnikova", "Kyiv")
    await first_day(ana)
    await iva.starts()
    await iva.says("/book")
    for label in ("Thu 4 Feb", "11:00"):
        await iva.taps(label)
    told = await iva.sees("reference")
    reference = re.search(r"\b[A-HJ-NP-Z2-9]{6}\b", told.text)
    assert reference, told.text
    found = await rapport(product.environment(), "trace", reference[0].lower())
    assert found.status == 0, found
    steps = [json.loads(line) for line in found.out.splitlines()[1:]]
    names = [step["step"] for step in steps]
    assert names[0] == "turn"
    assert names[-1] == "fault"
    assert "stripe.called" in names[1:-1], names
    assert steps[0]["ids"]["key"].startswith("slack:")
    assert "hold" in steps[0]["ids"]["address"]
    assert "Tajnikova" not in found.out
    assert reference[0] in product.processes[0].path.read_text()
    await odd.close()


async def test_a_reference_that_was_never_given(outside: WholeProduct) -> None:
    assert (await rapport(outside.environment(), "migrate")).status == 0
    found = await rapport(outside.environment(), "trace", "QQQQQQ")
    assert (found.status, "QQQQQQ" in found.err) == (1, True)


async def _odd_stripe() -> Served:
    async def odd(_request: web.Request) -> web.Response:
        return web.json_response({"object": "checkout.session", "livemode": False})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", odd)
    return await serve(app)


async def test_what_is_under_way_is_finished_before_the_end(opened: Open) -> None:
    """SIGTERM while an update is being answered: the answer arrives, and so does the message."""
    product = await opened()
    tom = product.person("telegram", "Tom Wells")
    await tom.starts()
    web: Process = product.processes[0]
    product.telegram.faults.add("sendMessage", "slow", seconds=1.5)
    poster = Poster(product.session, product.url, product.environment())
    number = tom.hands.user  # type: ignore[attr-defined]
    answering = asyncio.create_task(poster.send(poster.telegram(encoded(update(2**31, "/help", number)))))
    await asyncio.sleep(0.5)
    assert not answering.done()
    assert await web.stop() == 0
    assert (await answering).status == 200
    await tom.sees("/sessions")


async def test_what_slack_was_promised_is_done_before_the_end(opened: Open) -> None:
    product = await opened()
    tom = product.person("slack", "Tom Wells", "London")
    await tom.starts()
    product.slack.faults.add("chat.postMessage", "slow", seconds=1.0)
    saying = asyncio.create_task(tom.hands.say("/sessions"))
    await asyncio.sleep(0.4)
    assert await product.processes[0].stop() == 0
    await saying
    await tom.sees("Your sessions")


async def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong = {
        "SECRET_KEYS": "short", "PORT": "many", "HOLD_MINUTES": "1", "OWNERS": "somebody", "DATABASE_URL": "mysql://x",
        "PUBLIC_URL": "desk.example.org", "TELEGRAM_MODE": "pigeon", "TELEGRAM_WEBHOOK_SECRET": "ä b",
        "LOG_LEVEL": "loud", "STRIPE_API_URL": "http://[::1", "STRIPE_SECRET_KEY": "sk_live_51abc",
        "CLOCK_FILE": "/tmp/clock",
    }  # fmt: skip
    told = await rapport(wrong, "web")
    assert told.status == WRONG_SETTINGS
    assert not [name for name in wrong if name not in told.err], told.err
    assert "Traceback" not in told.err
    assert "sk_live_51abc" not in told.err
    missing = await rapport({}, "worker")
    assert (missing.status, "SECRET_KEYS is missing" in missing.err) == (WRONG_SETTINGS, True)


@pytest.mark.parametrize(
    "real",
    [
        {"STRIPE_SECRET_KEY": "sk_live_51abc"},
        {"STRIPE_SECRET_KEY": "rk_live_51abc"},
        {"SLACK_API_URL": "https://slack.com/api/"},
        {"SLACK_API_URL": "https://SLACK.com./api/"},
        {"SLACK_API_URL": ""},
        {"TELEGRAM_API_URL": "https://api.telegram.org"},
        {"TELEGRAM_API_URL": ""},
        {"STRIPE_API_URL": "https://api.stripe.com"},
        {"STRIPE_API_URL": ""},
    ],
    ids=str,
)
async def test_a_false_clock_is_refused_beside_the_real_world(outside: WholeProduct, real: dict[str, str]) -> None:
    assert load(outside.environment()).clock_file
    with pytest.raises(BadSettings, match="CLOCK_FILE is refused"):
        load(outside.environment() | real)
