"""Proofs in the addresses that a browser comes back to: which payment it was, unguessable, nothing readable."""

from storage.sealing import Sealer, Unreadable

_PURPOSE = "payment:"


def seal(sealer: Sealer, payment_id: int) -> str:
    """URL-safe as it stands."""
    return sealer.seal(f"{_PURPOSE}{payment_id}").rstrip("=")


def unseal(sealer: Sealer, proof: str) -> int | None:
    """The payment's id; None for what we did not seal, or sealed for something else."""
    try:
        text = sealer.open(proof + "=" * (-len(proof) % 4))
    except (Unreadable, ValueError):
        return None
    return int(text.removeprefix(_PURPOSE)) if text.startswith(_PURPOSE) else None
