"""Free times around every change of the clocks, as five viewers read them, against the slow oracle and the bench's.

`python -m bench.oracle` compares the same practices over 90 and 365 days; here it is the days of the change.
"""

import pytest

from bench import reference_slots, slots
from tests.domain.calendar.workloads import CHANGES, VIEWERS, workloads


@pytest.mark.parametrize("zone", CHANGES)
def test_free_times_equal_the_oracle_around_every_change(zone: str) -> None:
    those = [each for each in workloads() if each.schedule.zone == zone]
    assert len(those) == 24
    for each in those:
        assert each.found(days=4) == each.expected(days=4), each.name
    assert sum(len(each.found(days=4)[0]) for each in those) > 500


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("dense", [True, False])
def test_the_reference_of_the_bench_finds_the_same(viewer: str, dense: bool) -> None:
    work = reference_slots.workload(dense=dense)
    for days in (7, 90, 365):
        assert reference_slots.search(work, days, viewer) == slots.search(work, days, viewer)
