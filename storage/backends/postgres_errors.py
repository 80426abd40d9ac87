"""Tells what an error of Postgres or of its driver means: the work's own fault, a second try, or nobody at home."""

from enum import Enum

import asyncpg
import sqlalchemy as sa

from storage.errors import DatabaseError, Outdated, Overlap, Violation


class Trouble(Enum):
    """What becomes of work that failed: it may succeed at once, perhaps on another connection, or it is not tried."""

    AGAIN = "again"
    AWAY = "away"


_AGAIN = {"40001", "40P01"}  # serialization failure, deadlock
_STALE = (asyncpg.InvalidCachedStatementError, asyncpg.InternalClientError)
_READ_ONLY = "25006"
# Connection failures; no room on the disk, in memory or for connections; shutdown and start; the disk itself.
_AWAY_CLASSES = ("08", "53", "57P", "58")
_UNREACHABLE = (OSError, TimeoutError, sa.exc.TimeoutError)


class Lost(DatabaseError):
    """The connection went away under a statement."""


class Refused(Exception):
    """The server, or a pooler with a code of its own, let nobody in. The driver's error is the cause."""


def translated(error: BaseException, *, lost: bool) -> BaseException:
    """An error of the driver as what a work function may meet; others stay. `lost`: the connection is closed."""
    if lost and isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError | OSError):
        return Lost(str(error))
    if isinstance(error, asyncpg.ExclusionViolationError):
        return Overlap()
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return Violation(error.constraint_name or "", _told(error))
    if isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError):
        return DatabaseError(_told(error))
    return error


def _told(error: BaseException) -> str:
    """Without the detail, which holds what stands in the row."""
    return str(error.args[0] if error.args else type(error).__name__)


def drivers(error: BaseException) -> BaseException:
    """The driver's own error behind one of ours or of SQLAlchemy's."""
    if isinstance(error, sa.exc.DBAPIError):
        return getattr(error.orig, "__cause__", None) or error.orig or error
    if isinstance(error, DatabaseError | Refused) and error.__cause__ is not None:
        return drivers(error.__cause__)
    return error


def trouble(error: BaseException, *, reads_only: bool) -> Trouble | None:
    """None: a fault of the work, which its caller hears of. `reads_only`: a change is refused because we said so."""
    told = drivers(error)
    state = getattr(told, "sqlstate", None) or ""
    if isinstance(error, Lost | Refused | Outdated) or isinstance(told, asyncpg.PostgresConnectionError):
        return Trouble.AGAIN
    if isinstance(told, _STALE) or state in _AGAIN or state.startswith(_AWAY_CLASSES):
        return Trouble.AGAIN
    if is_read_only(told) and not reads_only:
        return Trouble.AGAIN
    if isinstance(told, _UNREACHABLE) or getattr(error, "connection_invalidated", False):
        return Trouble.AWAY
    return None


def wants_another_connection(error: BaseException) -> bool:
    """A migration changed what a prepared statement gives back, or the server is no longer the one that writes."""
    told = drivers(error)
    return isinstance(told, _STALE) or is_read_only(told)


def is_read_only(error: BaseException) -> bool:
    return getattr(error, "sqlstate", None) == _READ_ONLY
