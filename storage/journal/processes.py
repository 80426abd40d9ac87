"""Which processes run and what they seal with: each says so now and then, to whoever rotates keys and to `doctor`."""

from dataclasses import dataclass

import sqlalchemy as sa

from storage.leased import real_now
from storage.sealing import Stage
from storage.tables import processes
from storage.tx import Tx

SILENT_S = 60
"""Whoever said nothing for so long does not run any more."""

_KEPT_S = 86_400


@dataclass(frozen=True)
class RunningProcess:
    """`kind`: web or worker. `key_ids` are those of its SECRET_KEYS, of which the first seals."""

    id: str
    kind: str
    key_ids: tuple[str, ...]
    stage: Stage


def note(tx: Tx, process: RunningProcess) -> None:
    """This process runs now, and seals so."""
    values = {"kind": process.kind, "key_ids": " ".join(process.key_ids), "stage": process.stage.value}
    seen = {**values, "seen_at": real_now()}
    made = tx.upsert(processes).values(id=process.id, **seen)
    tx.execute(made.on_conflict_do_update(index_elements=["id"], set_=seen))


def running(tx: Tx) -> list[RunningProcess]:
    """Those that were heard of a moment ago."""
    lately = sa.select(processes).where(processes.c.seen_at > real_now() - SILENT_S)
    return [
        RunningProcess(row.id, row.kind, tuple(row.key_ids.split()), Stage(row.stage))
        for row in tx.execute(lately.order_by(processes.c.kind, processes.c.id))
    ]


def leave(tx: Tx, process_id: str) -> None:
    """This one ends. What others left behind who could not say so goes with it."""
    old = sa.or_(processes.c.id == process_id, processes.c.seen_at < real_now() - _KEPT_S)
    tx.execute(sa.delete(processes).where(old))
