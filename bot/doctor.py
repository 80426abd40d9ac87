"""`rapport doctor`: what is on, off or broken, and which setting to mend."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from bot import sms_settings
from bot.app import App, build, mail_carrier
from bot.checks import addresses, files, proxy, rows_set_aside, secrets, webhooks
from bot.checks import books as books_words
from bot.checks import mail as mail_words
from bot.checks.check_line import BROKEN, OFF, ON, CheckLine, warnings
from bot.config import Settings
from bot.domain.people.people import CHATS, Platform
from bot.integrations.vendor import VendorAway, VendorRefused
from bot.services.books.reconcile import reconcile
from bot.services.kit import key_checks
from bot.services.reactions import react
from storage.backends.urls import describe, exists
from storage.engine import BadRow, CannotRead, StorageAway
from storage.upkeep import migrate, revisions

ANSWER_S = 10.0
_STANDINGS: dict[str | None, str] = {
    None: "",  # SQLite
    "bot": "; connected as the bot's own role",
    "owner": "; connected as the owner of the tables: the role rapport_bot would do",
    "alone": "; connected as the owner of the tables: there is no role rapport_bot beside it",
    "above": "; connected as a role that row-level security does not bind: the role rapport_bot would do",
}


async def all_lines(settings: Settings) -> list[CheckLine]:
    """One line for the database and for each integration, asked at the same time; then what should be mended."""
    return await _lines(settings) + _of_settings(settings)


async def books(settings: Settings, days: int) -> list[CheckLine]:
    """Compare the ledger with the payment provider's account, as far back as so many days, and mend what is safe."""
    app = await build(settings)
    try:
        provider = app.payment_provider
        if provider is None or provider.books is None:
            return [await _payments(app)]
        if await revisions.of(app.storage) != "current" or await key_checks.foreign(app.storage):
            return [CheckLine("books", BROKEN, "not compared: mend first what `rapport doctor` says")]
        now = app.clock.now()
        since = now - timedelta(days=days)
        in_chat = app.desk.invoices.on
        compared = await reconcile(app.storage, react, provider, provider.books, since, now, in_chat=in_chat)
        return books_words.lines(compared)
    except CannotRead as met:
        return [CheckLine("books", BROKEN, f"not compared: {met} cannot be read, mend that first")]
    except (StorageAway, VendorAway, VendorRefused) as away:
        return [CheckLine("books", BROKEN, f"not compared: {str(away) or 'no answer'}")]
    finally:
        await app.close()


def _of_settings(settings: Settings) -> list[CheckLine]:
    """What can be told without asking anybody."""
    return [
        *warnings("secrets", secrets.weak(settings)),
        *warnings("addresses", addresses.in_the_open(settings)),
        *warnings("mode", addresses.mixed_modes(settings)),
        *warnings("files", files.open_to_others(settings)),
    ]


async def _lines(settings: Settings) -> list[CheckLine]:
    database = await _database(settings)
    if database.state != ON:
        return [database]
    app = await build(settings)
    met: list[BadRow] = []
    app.storage.on_bad_rows = met.extend  # a look writes nothing, above all not with keys that open nothing
    try:
        platforms = (_platform(app, each) for each in sorted(CHATS))
        others = (_email(settings), _sms(app), _payments(app))
        rights, vendors = await _rights(settings), await asyncio.gather(*platforms, *others)
        answering = [line.name for line in vendors if line.state == ON]
        unheard = warnings("webhooks", await webhooks.unheard(app, answering))
        return [database, *rights, await _owners(app), *vendors, *await _of_tables(app, met), *unheard]
    finally:
        await app.close()


async def _of_tables(app: App, met: Sequence[BadRow]) -> list[CheckLine]:
    """What the tables say, once they are there. `met`: what no look so far could read."""
    if await revisions.of(app.storage) != "current":
        return []
    keys, absent = await _keys(app), warnings("proxy", await proxy.missing(app.settings, app.storage))
    if await key_checks.foreign(app.storage):
        return [keys, *absent]
    lost = await _lost(app)
    aside = rows_set_aside.lines(await app.desk.set_aside.everything(), met, app.clock.now())
    return [keys, *lost, *aside, *absent]


async def _database(settings: Settings) -> CheckLine:
    where = describe(settings.database_url)
    try:
        if not exists(settings.database_url):
            return CheckLine("database", BROKEN, f"{where} is not there: `rapport migrate` makes it, as web does")
        state = await migrate.state(settings.database_url)
    except StorageAway as away:
        return CheckLine("database", BROKEN, f"{where} does not answer ({away}): mend DATABASE_URL")
    except migrate.CannotMigrate as refused:
        return CheckLine("database", BROKEN, f"{where}: {refused}")
    if state == "empty" and not await migrate.may_begin(settings.database_url):
        words = f"{where} is empty, and its role may not make tables: run `rapport migrate` as their owner"
        return CheckLine("database", BROKEN, words)
    if state == "empty":
        words = f"{where} answers, and is empty: web and worker make its tables when they start"
        return CheckLine("database", ON, words)
    if state == "current":
        standing = await migrate.standing(settings.database_url)
        try:
            await migrate.try_write(settings.database_url)
        except (StorageAway, migrate.CannotMigrate) as away:
            words = f"{where} answers, and nothing can be written to it: {away}"
            return CheckLine("database", BROKEN, words)
        return CheckLine("database", ON, f"{where} answers, and has the newest schema{_STANDINGS[standing]}")
    return CheckLine("database", BROKEN, f"{where} has a schema that is {state}: run `rapport migrate`")


async def _rights(settings: Settings) -> list[CheckLine]:
    """A line for whoever has rights on our tables that this version did not give."""
    remedy = "run `rapport migrate` as the tables' owner, and REVOKE what is left"
    found = await migrate.foreign_grants(settings.database_url)
    return [CheckLine("rights", BROKEN, f"{who} may {', '.join(what)}: {remedy}") for who, what in found.items()]


async def _keys(app: App) -> CheckLine:
    wrong = await key_checks.wrong(app.storage)
    if wrong is not None:
        return CheckLine("keys", BROKEN, wrong)
    return CheckLine("keys", ON, await key_checks.state(app.storage))


async def _owners(app: App) -> CheckLine:
    """With those whom OWNERS does not name any more, since nothing else says why somebody's pages are gone."""
    named = len(app.settings.owners)
    words = f"{named} by OWNERS" if named else "set OWNERS; /start tells everybody their own entry"
    empty = await revisions.of(app.storage) == "empty"
    for each in [] if empty else await app.desk.people.former_owners(app.clock.now()):
        who = " or ".join(each.refs) or f"person {each.person_id}"
        since = "until web or worker starts" if each.at is None else f"no more since {each.at:%Y-%m-%d %H:%M} UTC"
        words += f"; {who} is not named, and an owner {since}"
    return CheckLine("owners", ON if named else OFF, words)


async def _platform(app: App, platform: Platform) -> CheckLine:
    channel = app.channels.get(platform)
    if channel is None:
        return CheckLine(platform.value, OFF, f"set {_missing(app.settings, platform)}")
    found = await _asked(platform.value, channel.check, f"mend {' or '.join(channel.settings)}")
    if platform is not Platform.TELEGRAM or app.settings.telegram.payment_provider_token is None:
        return found
    said = "TELEGRAM_PAYMENT_PROVIDER_TOKEN is not used without STRIPE_SECRET_KEY"
    if app.desk.invoices.on:
        said = "sessions can be paid inside Telegram, through the provider connected in @BotFather"
    return replace(found, words=f"{found.words}; {said}")


async def _email(settings: Settings) -> CheckLine:
    carrier = mail_carrier(settings)
    if carrier is None:
        return CheckLine("email", OFF, f"set {' and '.join(mail_words.missing(settings.mail))}")
    try:
        found = await _asked("email", carrier.check, f"mend {' or '.join(carrier.settings)}")
    finally:
        await carrier.close()
    return mail_words.told(settings.mail, found)


async def _sms(app: App) -> CheckLine:
    sms = app.sms
    if sms is None:
        return CheckLine("sms", OFF, f"set {sms_settings.missing(app.settings.twilio)}")
    return await _asked(sms.name, sms.check, f"mend {' or '.join(sms.settings)}")


async def _lost(app: App) -> list[CheckLine]:
    """Workspaces whose token Slack does not renew any more."""
    found = [each.team_ref for each in await app.desk.workspaces.all() if each.lost_at is not None]
    words = "the refresh token was lost or refused: install the app there again, at PUBLIC_URL/slack/install"
    return [CheckLine("slack", BROKEN, f"{team}: {words}") for team in found]


def _missing(settings: Settings, platform: Platform) -> str:
    """The settings without which a platform is off."""
    if platform is Platform.SLACK:
        if settings.slack.bot_token or settings.slack.client_id:
            return "SLACK_SIGNING_SECRET (or SLACK_APP_TOKEN), or SLACK_CLIENT_SECRET"
        return "SLACK_BOT_TOKEN (or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET)"
    if platform is Platform.TELEGRAM:
        half_set = bool(settings.telegram.bot_token)
        return "TELEGRAM_WEBHOOK_SECRET, or TELEGRAM_MODE=polling" if half_set else "TELEGRAM_BOT_TOKEN"
    return f"the settings of {platform.value}"


async def _payments(app: App) -> CheckLine:
    provider = app.payment_provider
    if provider is None:
        settings = app.settings.stripe
        missing = [
            name
            for name, value in (
                ("STRIPE_SECRET_KEY", settings.secret_key),
                ("STRIPE_WEBHOOK_SECRET", settings.webhook_secret),
            )
            if not value
        ]
        return CheckLine("stripe", OFF, f"set {' and '.join(missing)}; free offers work without")

    async def check() -> str | None:
        try:
            await provider.check()
        except (VendorAway, VendorRefused) as refused:
            return str(refused)
        return None

    return await _asked(provider.name, check, f"mend {' or '.join(provider.settings)}")


async def _asked(name: str, check: Callable[[], Awaitable[str | None]], remedy: str) -> CheckLine:
    try:
        async with asyncio.timeout(ANSWER_S):
            wrong = await check()
    except TimeoutError:
        wrong = "no answer"
    except Exception as error:  # noqa: BLE001 - one that cannot be looked at hides none of the others
        wrong = f"not to be looked at ({type(error).__name__})"
    return CheckLine(name, ON, "answers") if wrong is None else CheckLine(name, BROKEN, f"{wrong}: {remedy}")
