"""What `rapport doctor` says of SECRET_KEYS: whether they open the database, and who runs with which of them."""

from storage.engine import Storage, Tx
from storage.journal import processes
from storage.journal.processes import RunningProcess
from storage.sealing import Stage
from storage.upkeep import canary, rotation


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
        if canary.look(tx) not in (None, Stage.CONTRACT):
            return (
                "the database is open; what is sealed is not bound to its row yet: run `rapport keys rotate` once no "
                "process of the version before runs"
            )
        if rotation.left(tx):
            return "the database is open; something is sealed with an older key: run `rapport keys rotate`"
        return "the database is open" + ("; nothing needs any but the first key" if len(ids) > 1 else "")

    return await storage.read(work)


def _lacking(mine: tuple[str, ...], running: list[RunningProcess]) -> str | None:
    """Who cannot open what others seal."""
    sealing = {mine[0], *(each.key_ids[0] for each in running)}
    lacking = [each.kind for each in running if not sealing <= set(each.key_ids)]
    if lacking:
        whose = " and ".join(sorted(set(lacking)))
        return f"{len(lacking)} running ({whose}) cannot open what others seal: set SECRET_KEYS alike, and restart"
    if not sealing <= set(mine):
        return "a process that runs seals with a key that is not set here: set SECRET_KEYS alike everywhere"
    return None
