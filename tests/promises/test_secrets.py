"""Names, addresses, tokens and words are readable in the chats, and nowhere on a disk of ours."""

from tests.journeys.conftest import Open
from tests.promises import everything


async def test_nothing_is_in_clear_where_it_must_not_be(opened: Open, empty_database_url: str) -> None:
    product = await opened(empty_database_url, LOG_LEVEL="DEBUG")
    secrets = await everything.play(product)
    readable = [
        f"{secret!r} in {where}"
        for where, what in await everything.kept(product)
        for secret in secrets
        if secret.lower().encode() in what.lower()
    ]
    assert not readable, "\n".join(readable)
    for process in list(product.processes):
        assert await process.stop() == 0
    after = [(where, s) for where, what in await everything.kept(product) for s in secrets if s.encode() in what]
    assert not after
