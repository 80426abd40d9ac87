"""Two `web` and two `worker` as the Procfile starts them. `make force` runs every journey so; here are some."""

import pytest

from tests.journeys.stories import practice
from tests.journeys.test_holds import test_of_two_who_want_one_time_one_gets_it as two_want_one_time
from tests.journeys.test_paid_session import whole_story
from tests.support.cluster import Cluster
from tests.support.warm import ROOT

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(400)]


def test_the_procfile_starts_what_a_city_is_made_of() -> None:
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    assert (lines["web"], lines["worker"]) == ("rapport web", "rapport worker")


@pytest.mark.parametrize(("coach", "client"), [("telegram", "slack"), ("slack", "telegram")])
async def test_a_paid_session_from_the_first_word_to_the_refund(cluster: Cluster, coach: str, client: str) -> None:
    await whole_story(cluster, *await practice(cluster, coach, client))
    assert all(cluster.balancer.served.values()), "both processes answered"


async def test_of_two_in_two_processes_one_gets_the_time(cluster: Cluster) -> None:
    await two_want_one_time(cluster, ("slack", "telegram"))
