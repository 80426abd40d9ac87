"""`python -m bench.oracle`: free times of 90 and 365 days, 216 practices and five viewers, minute by minute.

Some minutes of work. Ends with an error when a single time differs.
"""

import sys
from concurrent.futures import ProcessPoolExecutor

from bot.clock import use_pinned_zones
from tests.domain.calendar.workloads import CHANGES, VIEWERS, workloads

HORIZONS = (90, 365)


def differing(zone: str) -> tuple[int, list[str]]:
    """How many times were compared in the practices of a zone, and which practices differ."""
    compared, wrong = 0, list[str]()
    for each in workloads():
        if each.schedule.zone != zone:
            continue
        for days in HORIZONS:
            expected = each.expected(days)
            compared += len(expected[0])
            if each.found(days) != expected:
                wrong.append(f"{each.name}, {days} days")
    return compared, wrong


def main() -> None:
    use_pinned_zones()
    compared, wrong = 0, list[str]()
    with ProcessPoolExecutor() as pool:
        for zone, (count, names) in zip(CHANGES, pool.map(differing, CHANGES), strict=True):
            print(f"{zone}: {count} times, {len(names)} practices differ", flush=True)
            compared, wrong = compared + count, wrong + names
    print(f"{compared} times, each as {len(VIEWERS)} viewers read it")
    sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
