from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import HOME, door, server
from tests.support.servers.databases import fresh_postgres, fresh_sqlite


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def two_databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The addresses of two databases of one kind, with today's schema and no rows."""
    if request.param == "sqlite":
        for name in ("young", "old"):
            (tmp_path / name).mkdir()
        home = request.config.stash[HOME]
        yield fresh_sqlite(home, tmp_path / "young"), fresh_sqlite(home, tmp_path / "old")
        return
    made = [fresh_postgres(server(request.config), door(request.config)) for _each in range(2)]
    yield made[0][0], made[1][0]
    for _url, drop in made:
        drop()
