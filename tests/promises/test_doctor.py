"""`rapport doctor`: what is on, off or broken, and which setting to mend."""

import resource
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiohttp import web

from bot import doctor
from bot.clock import Clock
from bot.config import load
from bot.domain.people.people import Platform, Profile
from bot.domain.practice.workspaces import Workspace
from bot.sandbox.standin import serve
from bot.sandbox.telegram.delivery import Webhook
from bot.services.people.people import People
from storage.engine import Storage, StorageAway
from storage.journal import marks, set_aside
from storage.practice import workspaces
from storage.sealing import Sealer
from storage.upkeep import canary, migrate
from tests.promises.commands import CLOSED, rapport
from tests.storage.support import new_key, new_sealer
from tests.support.leases import time_passes
from tests.support.whole_product import WholeProduct


def states(said: str) -> dict[str, str]:
    return {line.split()[1]: line.split()[0] for line in said.splitlines()}


async def test_doctor_finds_everything_on(outside: WholeProduct) -> None:
    outside.telegram.world.delivery.set_webhook(Webhook(f"{outside.url}/telegram/webhook", None, 40), False)
    found = await rapport(outside.environment(), "doctor")
    on = dict.fromkeys(("database", "owners", "slack", "telegram", "stripe"), "on")
    assert states(found.out) == on | {"email": "off", "sms": "off"}, found
    assert found.status == 0


async def test_doctor_compares_the_books_with_stripes(outside: WholeProduct) -> None:
    """Of a product that sold nothing there is nothing to compare; without tables, and without Stripe, it says so."""
    empty = await rapport(outside.environment(), "doctor", "stripe")
    assert (empty.status, "not compared" in empty.out) == (1, True), empty
    await migrate.migrate(outside.database_url)
    found = await rapport(outside.environment(), "doctor", "stripe", "--days", "7")
    assert (found.status, "0 things compared: 0 differences" in found.out) == (0, True), found
    away = await rapport(outside.environment() | {"STRIPE_API_URL": CLOSED}, "doctor", "stripe")
    assert (away.status, "not compared" in away.out) == (1, True), away


async def test_doctor_leaves_an_empty_database_empty(outside: WholeProduct) -> None:
    found = await rapport(outside.environment(), "doctor")
    assert "empty" in found.out
    assert await migrate.state(outside.database_url) == "empty"
    await migrate.migrate(outside.database_url)
    assert "newest schema" in (await rapport(outside.environment(), "doctor")).out


async def test_doctor_makes_no_database_and_names_it(outside: WholeProduct, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere.db"
    found = await rapport(outside.environment() | {"DATABASE_URL": f"sqlite:///{nowhere}"}, "doctor")
    assert (found.status, states(found.out)) == (1, {"database": "broken"})
    assert f"{nowhere} is not there" in found.out
    assert not nowhere.exists()
    there = await rapport(outside.environment(), "doctor")
    assert str(tmp_path / "rapport.db") in there.out
    assert (found.err, there.err) == ("", "")


@pytest.mark.parametrize("settings", [{"TELEGRAM_API_URL": CLOSED}, {"SLACK_API_URL": f"{CLOSED}/api/"}], ids=str)
async def test_doctor_prints_no_lines_of_the_log(outside: WholeProduct, settings: dict[str, str]) -> None:
    assert (await rapport(outside.environment() | settings, "doctor")).err == ""


async def test_doctor_says_whether_the_token_for_payments_inside_telegram_is_used(outside: WholeProduct) -> None:
    with_token = outside.environment() | {"TELEGRAM_PAYMENT_PROVIDER_TOKEN": "1:TEST:9"}
    found = await rapport({name: value for name, value in with_token.items() if "STRIPE" not in name}, "doctor")
    assert "TELEGRAM_PAYMENT_PROVIDER_TOKEN is not used without STRIPE_SECRET_KEY" in found.out
    found = await rapport(with_token, "doctor")
    assert "sessions can be paid inside Telegram" in found.out
    assert (found.status, states(found.out)["telegram"]) == (0, "on")


async def test_doctor_and_the_log_say_who_is_no_owner_any_more(outside: WholeProduct) -> None:
    await migrate.migrate(outside.database_url)
    storage = await Storage.open(outside.database_url, Sealer([outside.environment()["SECRET_KEYS"]]))
    olga = Profile(Platform.TELEGRAM, "", "4711", "4711", "Olga")
    await People(storage, [("telegram", "", "4711")]).meet(olga, Clock.real())
    await storage.close()
    found = await rapport(outside.environment(), "doctor")
    assert "telegram:4711 is not named, and an owner until web or worker starts" in found.out
    web_process = await outside.start("web")
    await outside.until(lambda: "owner.no_longer_named" in web_process.logged())
    assert "Olga" not in web_process.logged()
    found = await rapport(outside.environment(), "doctor")
    assert "telegram:4711 is not named, and an owner no more since" in found.out
    assert (found.status, states(found.out)["owners"]) == (0, "on")


async def test_doctor_says_what_is_off_and_what_to_set(outside: WholeProduct) -> None:
    known = outside.environment()
    bare = {name: known[name] for name in ("SECRET_KEYS", "DATABASE_URL")}
    found = await rapport(bare, "doctor")
    assert found.status == 0
    off = dict.fromkeys(("owners", "slack", "telegram", "email", "sms", "stripe"), "off")
    assert states(found.out) == {"database": "on"} | off
    for name in ("OWNERS", "SLACK_BOT_TOKEN", "TELEGRAM_BOT_TOKEN", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"):
        assert name in found.out
    half = ("SLACK_BOT_TOKEN", "TELEGRAM_BOT_TOKEN", "STRIPE_SECRET_KEY")
    found = await rapport(bare | {name: known[name] for name in half}, "doctor")
    assert states(found.out) == {"database": "on"} | off
    for name in ("SLACK_SIGNING_SECRET", "TELEGRAM_WEBHOOK_SECRET", "STRIPE_WEBHOOK_SECRET"):
        assert name in found.out
    assert not any(known[name] in found.out + found.err for name in half)


@pytest.mark.parametrize(
    "changes",
    [
        {"SLACK_BOT_TOKEN": "xoxb-wrong", "TELEGRAM_BOT_TOKEN": "1:wrong", "STRIPE_SECRET_KEY": "sk_test_wrong"},
        {"SLACK_API_URL": f"{CLOSED}/api/", "TELEGRAM_API_URL": CLOSED, "STRIPE_API_URL": CLOSED},
    ],
    ids=["wrong", "unreachable"],
)
async def test_doctor_says_what_is_broken_and_what_to_mend(outside: WholeProduct, changes: dict[str, str]) -> None:
    found = await rapport(outside.environment() | changes, "doctor")
    assert found.status == 1
    broken = dict.fromkeys(("slack", "telegram", "stripe"), "broken")
    off = dict.fromkeys(("email", "sms"), "off")
    assert states(found.out) == {"database": "on", "owners": "on"} | broken | off, found
    for name in changes:
        assert name in found.out, found.out
    assert "wrong" not in found.out.replace("is wrong", "")
    assert "Traceback" not in found.err


VENDORS = ("slack", "telegram", "stripe")
STRANGE = (
    "<html>Maintenance</html>", "", "[]", "null", "7", "{}", "\xff", "[" * 100_000,
    '{"ok": true}', '{"ok": false}', '{"ok": true, "result": []}', '{"ok": true, "result": {}}',
    '{"ok": true, "result": true}', '{"error": {"message": "no"}}',
)  # fmt: skip
"""Answers that no vendor gives, each with a status that says that all is well."""


async def test_doctor_looks_at_whatever_answers_there(outside: WholeProduct) -> None:
    await migrate.migrate(outside.database_url)
    said, status = "", 200

    async def anything(_request: web.Request) -> web.Response:
        return web.Response(body=said.encode("latin-1"), status=status, content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", anything)
    served = await serve(app)
    urls = {"SLACK_API_URL": f"{served.url}/api/", "TELEGRAM_API_URL": served.url, "STRIPE_API_URL": served.url}
    try:
        settings = load(outside.environment() | urls)
        for said in STRANGE:
            vendors = [line for line in await doctor.all_lines(settings) if line.name in VENDORS]
            assert [line.state for line in vendors] == ["broken"] * 3, (said[:50], vendors)
            assert [line.words.partition(":")[0] for line in vendors] == [
                f"what answers there is not {name}" for name in ("Slack", "Telegram", "Stripe")
            ], said[:50]
        said, status = "<html>Not found</html>", 404
        assert [line.state for line in (await doctor.all_lines(settings)) if line.name in VENDORS] == ["broken"] * 3
    finally:
        await served.close()


async def test_doctor_finds_a_database_that_is_away_or_old(outside: WholeProduct) -> None:
    away = {"DATABASE_URL": "postgresql://rapport:secret-of-db@127.0.0.1:9/rapport"}
    found = await rapport(outside.environment() | away, "doctor")
    assert (found.status, states(found.out)) == (1, {"database": "broken"})
    assert "DATABASE_URL" in found.out
    assert "secret-of-db" not in found.out + found.err
    await migrate.migrate(outside.database_url)
    await migrate.downgrade(outside.database_url)
    found = await rapport(outside.environment(), "doctor")
    assert (found.status, states(found.out)) == (1, {"database": "broken"})
    assert "rapport migrate" in found.out


async def test_doctor_warns_where_a_vendor_tells_us_nothing_or_not_all(outside: WholeProduct) -> None:
    outside.telegram.world.delivery.set_webhook(Webhook("https://elsewhere.example.org/hook", None, 40), False)
    outside.stripe.webhooks.enabled_events = ["checkout.session.completed", "charge.refunded"]
    found = await rapport(outside.environment(), "doctor")
    assert found.status == 0
    assert "Telegram sends updates to https://elsewhere.example.org/hook" in found.out
    assert "does not send charge.dispute.closed" in found.out
    assert "checkout.session.async_payment_failed" in found.out
    assert "charge.refunded" not in found.out
    outside.stripe.webhooks.enabled = False
    assert "is disabled" in (await rapport(outside.environment(), "doctor")).out
    outside.stripe.webhooks.enabled, outside.stripe.webhooks.enabled_events = True, 7  # type: ignore[assignment]
    strange = await rapport(outside.environment(), "doctor")
    assert "stripe does not say how its webhook stands (TypeError)" in strange.out
    assert "Telegram sends updates to" in strange.out
    outside.stripe.webhooks.url = None
    assert "Stripe has no webhook endpoint for" in (await rapport(outside.environment(), "doctor")).out


async def test_doctor_warns_of_updates_that_did_not_arrive(outside: WholeProduct) -> None:
    delivery = outside.telegram.world.delivery
    delivery.set_webhook(Webhook(f"{outside.url}/telegram/webhook", None, 40), False)
    delivery.last_error = (time.time() - 60, "Connection refused")
    delivery.allowed = ["message"]
    found = await rapport(outside.environment(), "doctor")
    assert "(Connection refused): mend the way from outside to PUBLIC_URL" in found.out
    assert "Telegram does not send callback_query, pre_checkout_query, my_chat_member" in found.out


async def test_doctor_warns_of_a_proxy_through_which_nothing_came(outside: WholeProduct) -> None:
    await migrate.migrate(outside.database_url)
    settings = {"PUBLIC_URL": "https://desk.example.org"}
    said = "no request of the last day came for desk.example.org"
    assert said in (await rapport(outside.environment() | settings, "doctor")).out
    storage = await Storage.open(outside.database_url, new_sealer())
    await storage.write(lambda tx: marks.touch(tx, marks.PROXIED))
    assert said not in (await rapport(outside.environment() | settings, "doctor")).out
    await time_passes(storage, 90_000)
    assert said in (await rapport(outside.environment() | settings, "doctor")).out
    await storage.close()


async def test_doctor_warns_of_files_that_others_can_read(outside: WholeProduct, tmp_path: Path) -> None:
    (tmp_path / "rapport.db").chmod(0o644)
    (tmp_path / "clock").chmod(0o606)
    found = await rapport(outside.environment(), "doctor")
    assert f"others on this machine may read the database {tmp_path}/rapport.db: run `chmod 600" in found.out
    assert "others on this machine may change CLOCK_FILE" in found.out
    assert found.status == 0


async def test_doctor_writes_nothing_with_keys_that_open_nothing(outside: WholeProduct) -> None:
    await migrate.migrate(outside.database_url)
    storage = await Storage.open(outside.database_url, Sealer([outside.environment()["SECRET_KEYS"]]))
    await storage.write(canary.admit)
    await storage.write(lambda tx: workspaces.save(tx, Workspace("T1", "Harbour", "xoxb-1", Clock.real())))
    found = await rapport(outside.environment() | {"SECRET_KEYS": new_key()}, "doctor")
    assert states(found.out)["keys"] == "broken"
    assert "set-aside" not in states(found.out)
    assert await storage.read(set_aside.count) == 0
    await storage.close()


async def test_doctor_names_what_it_cannot_read_itself(outside: WholeProduct) -> None:
    await migrate.migrate(outside.database_url)
    storage = await Storage.open(outside.database_url, Sealer([outside.environment()["SECRET_KEYS"]]))
    await storage.write(canary.admit)
    await storage.write(lambda tx: workspaces.save(tx, Workspace("T1", "Harbour", "xoxb-1", Clock.real())))
    await storage.write(lambda tx: tx.execute(sa.text("UPDATE workspaces SET token_sealed = 'x'")))
    found = await rapport(outside.environment(), "doctor")
    assert "damaged, or changed by hand: workspaces T1" in found.out
    assert await storage.read(set_aside.count) == 0
    await storage.close()


async def test_doctor_finds_a_full_disk(outside: WholeProduct) -> None:
    """One on which the file beside the database may not grow any more."""
    await migrate.migrate(outside.database_url)
    await migrate.try_write(outside.database_url)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, hard))
    try:
        with pytest.raises(StorageAway):
            await migrate.try_write(outside.database_url)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    await migrate.try_write(outside.database_url)
