"""Which processes run and what they seal with: each says so now and then, to whoever rotates keys and to `doctor`."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from storage.leased import real_now
from storage.sealing import Stage
from storage.tables import processes
from storage.tx import Tx

SILENT_S = 60
"""Whoever said nothing for so long does not run any more."""

_KEPT_S = 86_400
_STAGES: dict[object, Stage] = {stage.value: stage for stage in Stage}


@dataclass(frozen=True)
class RunningProcess:
    """`kind`: web or worker. `key_ids` are those of its SECRET_KEYS, of which the first seals.

    A process of another version may say what this one does not understand: it then has no `stage`, or no `key_ids`.
    """

    id: str
    kind: str
    key_ids: tuple[str, ...]
    stage: Stage | None

    @property
    def understood(self) -> bool:
        return self.stage is not None and bool(self.key_ids)

    @property
    def seals_with(self) -> str | None:
        """The id of a key."""
        return self.key_ids[0] if self.key_ids else None


def note(tx: Tx, process: RunningProcess) -> None:
    """This process runs now, and seals so."""
    stage = process.stage and process.stage.value
    seen = {"kind": process.kind, "key_ids": " ".join(process.key_ids), "stage": stage, "seen_at": real_now()}
    made = tx.upsert(processes).values(id=process.id, **seen)
    tx.execute(made.on_conflict_do_update(index_elements=["id"], set_=seen))


def running(tx: Tx) -> list[RunningProcess]:
    """Those that were heard of a moment ago. Who is said to come much later never was."""
    lately = sa.select(processes).where(_seen_within(SILENT_S - 1))
    return [
        RunningProcess(str(row.id), str(row.kind), tuple(str(row.key_ids).split()), _STAGES.get(row.stage))
        for row in tx.execute(lately.order_by(processes.c.kind, processes.c.id))
    ]


def named(those: Sequence[RunningProcess]) -> str:
    """As an operator reads of them: 2 running processes (web and worker)."""
    kinds = " and ".join(sorted({each.kind for each in those}))
    return f"{len(those)} running process{'es' if len(those) > 1 else ''} ({kinds})"


def leave(tx: Tx, process_id: str) -> None:
    """This one ends. What others left behind who could not say so goes with it."""
    old = sa.or_(processes.c.id == process_id, ~_seen_within(_KEPT_S))
    tx.execute(sa.delete(processes).where(old))


def _seen_within(seconds: int) -> sa.ColumnElement[bool]:
    return processes.c.seen_at.between(real_now() - seconds, real_now() + seconds)
