"""What falls due, for the process that sweeps."""

from bot.house import House
from bot.scheduling.payments import of_payments
from bot.scheduling.sweeps import Sweep, of_bookings

HOMES_SECONDS = 2.0


def all_sweeps(house: House) -> list[Sweep]:
    now = house.clock.now
    return [
        *of_bookings(house.storage, house.deliveries, now),
        *of_payments(house.desk.payments, now, house.deliveries.wake),
        Sweep("homes", HOMES_SECONDS, house.homes.sweep),
    ]
