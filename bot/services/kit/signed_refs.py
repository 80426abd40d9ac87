"""Signs our own id in the address that a browser returns to, so that nobody can guess or read it."""

from storage.sealing import Sealer, Unreadable

PAYMENT, CUSTOMER = "payment:", "customer:"
"""What an id is of: a proof of one kind is none of the other."""

_ADDRESS = "payments.address"  # no column: what is sealed for one does not pass for a proof, nor the other way round


def seal(sealer: Sealer, number: int, of: str = PAYMENT) -> str:
    """The id, sealed and URL-safe."""
    return sealer.seal(f"{of}{number}", _ADDRESS, of).rstrip("=")


def unseal(sealer: Sealer, proof: str, of: str = PAYMENT) -> int | None:
    """The id; None for what we did not seal, or sealed for something else."""
    try:
        text = sealer.open(proof, _ADDRESS, of)
    except (Unreadable, ValueError):
        return None
    return int(text.removeprefix(of)) if text.startswith(of) else None
