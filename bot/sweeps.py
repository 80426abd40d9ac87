"""Lists the sweeps, which a process repeats in the background."""

from bot.app import App
from bot.scheduling.sweeps import Sweep, of_bookings
from bot.scheduling.vendors import of_vendors
from bot.services.kit import set_aside
from bot.services.reactions import react

HOMES_SECONDS = 2.0
CARDS_SECONDS = 6 * 3600.0
TOKENS_SECONDS = 60.0


def all_sweeps(app: App) -> list[Sweep]:
    now = app.clock.now
    renewals = [Sweep(f"{name.value}-tokens", TOKENS_SECONDS, each.renew) for name, each in app.channels.items()]
    return [
        *renewals,
        *of_bookings(app.storage, react, app.deliveries, now),
        *of_vendors(app.vendors, now, app.deliveries.wake),
        Sweep("card-warnings", CARDS_SECONDS, lambda: app.desk.cards.warn(now())),
        Sweep("homes", HOMES_SECONDS, app.homes.sweep),
        Sweep("set-aside", set_aside.SECONDS, app.desk.set_aside.sweep),
    ]
