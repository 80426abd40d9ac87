"""Signs the payment's id in the address that a browser returns to, so that nobody can guess or read it."""

from storage.sealing import Sealer, Unreadable

_PURPOSE = "payment:"
_ADDRESS = "payments.address"  # no column: what is sealed for one does not pass for a proof, nor the other way round


def seal(sealer: Sealer, payment_id: int) -> str:
    """The payment's id, sealed and URL-safe."""
    return sealer.seal(f"{_PURPOSE}{payment_id}", _ADDRESS, _PURPOSE).rstrip("=")


def unseal(sealer: Sealer, proof: str) -> int | None:
    """The payment's id; None for what we did not seal, or sealed for something else."""
    try:
        text = sealer.open(proof, _ADDRESS, _PURPOSE)
    except (Unreadable, ValueError):
        return None
    return int(text.removeprefix(_PURPOSE)) if text.startswith(_PURPOSE) else None
