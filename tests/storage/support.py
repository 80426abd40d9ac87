"""Small rows for the tests of storage: only what the foreign keys and checks ask for."""

import secrets
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import Script, ScriptDirectory

import storage.upkeep.migrate
from storage.engine import Tx
from storage.schema.people import NAME
from storage.sealing import Sealer
from storage.tables import accounts, coaches, leases, persons, sessions

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def revisions() -> list[Script]:
    """Of the schema, from the newest to the first."""
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(Path(storage.upkeep.migrate.__file__).parents[1] / "migrations"))
    return list(ScriptDirectory.from_config(config).walk_revisions())


def add_lease(tx: Tx, name: str = "a") -> None:
    tx.execute(sa.insert(leases).values(name=name, owner="me", epoch=1, until=0))


def names_of_leases(tx: Tx) -> list[str]:
    return list(tx.execute(sa.select(leases.c.name).order_by(leases.c.name)).scalars())


def new_key() -> str:
    return urlsafe_b64encode(secrets.token_bytes(32)).decode()


def new_sealer() -> Sealer:
    return Sealer([new_key()])


def add_person(tx: Tx) -> int:
    person_id = tx.next_id(persons)
    name = tx.sealer.seal("Ana", NAME, person_id)
    return tx.insert(sa.insert(persons).values(id=person_id, name_sealed=name, created_at=0))


def add_account(tx: Tx) -> int:
    values = {"platform": "telegram", "user_ref": secrets.token_hex(4), "seen_at": 0}
    return tx.insert(sa.insert(accounts).values(person_id=add_person(tx), **values))


def add_coach(tx: Tx) -> int:
    values = {"short_name": secrets.token_hex(4), "zone": "Europe/Berlin", "weekly": [], "days": {}}
    return tx.insert(sa.insert(coaches).values(person_id=add_person(tx), created_at=0, **values))


def add_session(tx: Tx, coach_id: int, starts: int, ends: int, state: str = "confirmed") -> int:
    values = {"coach_id": coach_id, "starts": starts, "ends": ends, "state": state}
    return tx.insert(sa.insert(sessions).values(**values))
