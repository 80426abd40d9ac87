"""Keys are changed while processes run, in any order; and with the keys of another database nothing starts."""

import base64

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from storage.engine import Storage, Tx
from storage.instants import to_epoch
from storage.people import people
from storage.sealing import Sealer
from storage.tables import persons
from storage.upkeep import migrate
from tests.journeys.conftest import Open
from tests.journeys.stories import first_day
from tests.promises.commands import rapport
from tests.promises.test_commands import WRONG_SETTINGS
from tests.support.whole_product import WholeProduct

KEY, OTHER = (base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"k", b"o"))


def line(said: str, name: str) -> str:
    return next((each for each in said.splitlines() if each.split()[1] == name), "")


async def test_keys_are_changed_whichever_process_has_which_first(opened: Open, empty_database_url: str) -> None:
    product = await opened(empty_database_url, SECRET_KEYS=f"{KEY},{OTHER}")
    ana = product.owner("telegram", "Ana Winterfeldt")
    worker = await product.start("worker", SECRET_KEYS=f"{OTHER},{KEY}")
    await first_day(ana)
    new_first = product.environment() | {"SECRET_KEYS": f"{OTHER},{KEY}"}

    half = await rapport(new_first, "keys", "rotate")  # beside the product that runs
    seals_otherwise = ("1 running process (web) seals with", "2 running processes (web and worker) seal with")
    assert (half.status, any(f"{words} another key" in half.err for words in seals_otherwise)) == (1, True), half
    await product.stops("web", "worker")
    assert not worker.alive
    product.settings["SECRET_KEYS"] = f"{OTHER},{KEY}"
    await product.start_web()
    whole = await rapport(new_first, "keys", "rotate")
    assert (whole.status, "persons" in whole.out) == (0, True), whole
    found = await rapport(new_first, "doctor")
    assert "nothing needs any but the first key" in line(found.out, "keys"), found

    await product.stops("web")
    product.settings["SECRET_KEYS"] = OTHER
    await product.start_web()
    await ana.says("/coach")
    await ana.sees("Ana Winterfeldt", "https://meet.example/ana")
    for command in (["web"], ["worker"], ["keys", "rotate"]):
        strange = await rapport(product.environment() | {"SECRET_KEYS": KEY, "PORT": "0"}, *command)
        assert (strange.status, strange.out) == (WRONG_SETTINGS, "")
        assert "None of SECRET_KEYS opens" in strange.err
        assert KEY not in strange.err
    found = await rapport(product.environment() | {"SECRET_KEYS": KEY}, "doctor")
    assert line(found.out, "keys").startswith("broken")


async def test_a_process_that_lacks_a_key_is_warned_about(opened: Open) -> None:
    product = await opened(SECRET_KEYS=KEY)
    await first_day(product.owner("telegram", "Ana Winterfeldt"))
    before = product.environment() | {"SECRET_KEYS": f"{OTHER},{KEY}"}
    found = await rapport(before, "doctor")
    assert line(found.out, "keys").startswith("broken")
    assert "1 running process (web) cannot open what others seal" in line(found.out, "keys")
    refused = await rapport(before, "keys", "rotate")
    assert (refused.status, "nothing was sealed anew" in refused.err) == (1, True), refused


async def test_values_of_the_version_before_stay_readable_to_it_until_they_are_carried_over(
    outside: WholeProduct,
) -> None:
    """As in a rolling update: this version starts beside the one before, which reads Fernet alone."""
    outside.settings["SECRET_KEYS"] = KEY
    await migrate.migrate(outside.database_url)
    storage = await Storage.open(outside.database_url, Sealer([KEY]))
    met = to_epoch(outside.clock.now())
    before = {"name_sealed": Fernet(KEY).encrypt(b"Bea").decode(), "created_at": met}
    await storage.write(lambda tx: tx.execute(sa.insert(persons).values(before)))
    await outside.start_web()
    mia = outside.person("telegram", "Mia Sommer")
    await mia.says("/start")

    def sealed(tx: Tx) -> list[str]:
        return list(tx.execute(sa.select(persons.c.name_sealed).order_by(persons.c.id)).scalars())

    assert [Fernet(KEY).decrypt(each) for each in await storage.read(sealed)] == [b"Bea", b"Mia Sommer"]
    assert "run `rapport keys rotate`" in line((await rapport(outside.environment(), "doctor")).out, "keys")
    assert (await rapport(outside.environment(), "keys", "rotate")).status == 0
    assert not [each for each in await storage.read(sealed) if not each.startswith("2.")]
    await mia.says("/settings")
    theo = outside.person("telegram", "Theo Berg")
    await theo.says("/start")
    assert all(each.startswith("2.") for each in await storage.read(sealed))
    assert [each.name for each in await storage.read(lambda tx: people.find_many(tx, [1, 2, 3]))] == [
        "Bea", "Mia Sommer", "Theo Berg",
    ]  # fmt: skip
    await storage.close()


@pytest.mark.parametrize("command", ["web", "worker"])
@pytest.mark.attack("Runs each command with wrong keys")
async def test_with_wrong_keys_nothing_is_written(outside: WholeProduct, command: str) -> None:
    assert (await rapport(outside.environment() | {"SECRET_KEYS": KEY}, "migrate")).status == 0
    storage = await Storage.open(outside.database_url, Sealer([KEY]))
    before = {"name_sealed": Fernet(KEY).encrypt(b"Bea").decode(), "created_at": 0}
    await storage.write(lambda tx: tx.execute(sa.insert(persons).values(before)))
    made = sa.text("SELECT 1 FROM canary UNION ALL SELECT 2 FROM processes")
    strange = await rapport(outside.environment() | {"SECRET_KEYS": OTHER, "PORT": "0"}, command)
    assert (strange.status, "nothing was started and nothing written" in strange.err) == (WRONG_SETTINGS, True)
    assert await storage.read(lambda tx: tx.execute(made).all()) == []
    await storage.close()
