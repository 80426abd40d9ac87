"""What `rapport doctor` says of SECRET_KEYS: whether they open the database, and who runs with which of them."""

from storage.engine import Storage, Tx
from storage.journal import processes
from storage.journal.processes import RunningProcess
from storage.sealing import Stage
from storage.upkeep import canary, rotation

_READABLE = "what is sealed can be read with these keys"


async def foreign(storage: Storage) -> bool:
    """Whether these keys open nothing here."""

    def work(tx: Tx) -> bool:
        try:
            canary.look(tx)
        except canary.WrongKeys:
            return True
        return False

    return await storage.read(work)


async def wrong(storage: Storage) -> str | None:
    """What is broken, in words for the operator, with the remedy; None when nothing is."""

    def work(tx: Tx) -> str | None:
        try:
            canary.look(tx)
        except canary.WrongKeys as refused:
            return str(refused)
        return _lacking(tx.sealer.key_ids, processes.running(tx))

    return await storage.read(work)


async def state(storage: Storage) -> str:
    """How it stands with keys that open the database."""
    ids = storage.sealer.key_ids

    def work(tx: Tx) -> str:
        if canary.is_damaged(tx):
            return f"{_READABLE}; the canary is damaged: web and worker make it again, at their start or in ten seconds"
        if canary.look(tx) not in (None, Stage.CONTRACT):
            return (
                f"{_READABLE}; what is sealed is not bound to its row yet: run `rapport keys rotate` once no "
                "process of the version before runs"
            )
        if canary.key_id(tx) not in (None, ids[0]):
            return (
                f"{_READABLE}; the first key of this process is not the one that values are sealed with: put that one "
                "first, or, where the first key is the new one, run `rapport keys rotate`"
            )
        if rotation.left(tx):
            return f"{_READABLE}; something is sealed with an older key: run `rapport keys rotate`"
        return _READABLE + ("; nothing needs any but the first key" if len(ids) > 1 else "")

    return await storage.read(work)


def _lacking(mine: tuple[str, ...], running: list[RunningProcess]) -> str | None:
    """Who cannot open what others seal, and whose keys nobody here knows."""
    known = [each for each in running if each.understood]
    if len(known) < len(running):
        strange = processes.named([each for each in running if not each.understood])
        return (
            f"{strange} of another version: how values are sealed there is not known to this one, and "
            "`rapport keys rotate` waits until none runs. Run one version everywhere"
        )
    sealing = {mine[0], *(each.key_ids[0] for each in known)}
    lacking = [each for each in known if not sealing <= set(each.key_ids)]
    if lacking:
        return f"{processes.named(lacking)} cannot open what others seal: set SECRET_KEYS alike, and restart"
    if not sealing <= set(mine):
        return "a process that runs seals with a key that is not set here: set SECRET_KEYS alike everywhere"
    return None
