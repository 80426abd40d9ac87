"""Every table whose rows are read each by itself, for whoever looks again at those that are set aside."""

from collections.abc import Mapping
from typing import Any

from storage.journal.set_aside import Reader
from storage.notices import outbox_rows
from storage.people import people

_ALL: tuple[Reader[Any], ...] = (outbox_rows.ROWS, people.ACCOUNTS)

READERS: Mapping[str, Reader[Any]] = {reader.table: reader for reader in _ALL}
