"""Translates every form of DATABASE_URL into the one that the engine uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

_SQLITE = {"sqlite", "sqlite+aiosqlite", "sqlite+pysqlite"}
_POSTGRES = {"postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg", "postgresql+psycopg2"}
_SSL_MODES = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}
# Parts of a libpq URL that the driver has no name for, and that change nothing here.
_IGNORED = {"channel_binding", "connect_timeout", "pgbouncer", "options", "target_session_attrs"}


@dataclass(frozen=True)
class DatabaseAddress:
    """Where the database is: a file for SQLite, an address and driver arguments for Postgres."""

    file: Path | None = None
    address: sa.URL | None = None
    arguments: Mapping[str, str] = field(default_factory=dict)


def parse(url: str) -> DatabaseAddress:
    """Understand `url`; ValueError never repeats it, since it may hold a password."""
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise ValueError("DATABASE_URL is not a database address") from error
    if parsed.drivername in _SQLITE:
        if not parsed.database or parsed.database == ":memory:":
            raise ValueError("DATABASE_URL must name a file: sqlite:///path/to/rapport.db")
        return DatabaseAddress(file=Path(parsed.database))
    if parsed.drivername in _POSTGRES:
        return _postgres(parsed)
    raise ValueError("DATABASE_URL must begin with sqlite:///, postgres:// or postgresql://")


def describe(url: str) -> str:
    """The database for an operator's eyes: its file or its host and name, never a user or a password."""
    place = parse(url)
    if place.file is not None:
        return str(place.file)
    assert place.address is not None
    host, port = place.arguments.get("host", place.address.host), place.arguments.get("port", place.address.port)
    return f"{place.address.database or 'postgres'} on {host or 'this machine'}{f':{port}' if port else ''}"


def exists(url: str) -> bool:
    """Whether the file is there; of a server nothing is known before it is asked."""
    place = parse(url)
    return place.file is None or place.file.exists()


def _postgres(parsed: sa.URL) -> DatabaseAddress:
    query = {name: value if isinstance(value, str) else value[-1] for name, value in parsed.query.items()}
    arguments: dict[str, str] = {}
    mode = query.pop("sslmode", None) or query.pop("ssl", None)
    if mode is not None:
        if mode not in _SSL_MODES:
            raise ValueError(f"sslmode in DATABASE_URL must be one of: {', '.join(sorted(_SSL_MODES))}")
        arguments["ssl"] = mode
    for name in ("host", "port", "application_name"):
        if name in query:
            arguments[name] = query.pop(name)
    unknown = sorted(set(query) - _IGNORED)
    if unknown:
        raise ValueError(f"DATABASE_URL has parameters that are not understood: {', '.join(unknown)}")
    return DatabaseAddress(address=parsed.set(drivername="postgresql+asyncpg", query={}), arguments=arguments)
