"""How a person becomes a coach: by an invitation, or as the owner who coaches."""

import re
import unicodedata
from collections.abc import Set as AbstractSet

from bot.domain.acts import Act
from bot.domain.practice.coaches import CoachState
from bot.domain.subjects import Subject
from bot.services.kit.audit_note import note
from storage.engine import Tx
from storage.practice import coaches, offers

SHORT_NAME_LENGTH = 30
_TRIES = 5


def make_coach(tx: Tx, act: Act, zone: str) -> int:
    """The coach row of the act's person: a new one without hours, or the one they had before."""
    for _try in range(_TRIES):
        before = coaches.of_person(tx, act.person.id)
        if before is not None:
            if coaches.set_state(tx, before.id, [CoachState.REMOVED], CoachState.ACTIVE):
                note(tx, act, "coach.joined", Subject("coach", before.id), {"state": before.state.value})
            return before.id
        short_name = free_short_name(act.person.name, coaches.short_names(tx))
        coach_id = coaches.create(tx, act.person.id, short_name, zone, act.now)
        if coach_id is None:
            continue
        note(tx, act, "coach.joined", Subject("coach", coach_id))
        return coach_id
    raise RuntimeError("no free short name was found for a coach")


def take_up_offers(tx: Tx, coach_id: int) -> None:
    """Give offers that were made before there was any coach to the first one who joins."""
    for offer in offers.everything(tx):
        if not offer.coach_ids:
            offers.set_coaches(tx, offer.id, [coach_id])


def free_short_name(name: str, taken: AbstractSet[str]) -> str:
    """`ana` for "Ana María", with `-2` and so on behind it when it is taken: it is public, and family names are not."""
    first = re.split(r"\s+", name.strip(), maxsplit=1)[0]
    plain = unicodedata.normalize("NFKD", first).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:SHORT_NAME_LENGTH].strip("-") or "coach"
    return next(each for each in _candidates(slug, len(taken)) if each not in taken)


def _candidates(slug: str, taken: int) -> list[str]:
    return [slug, *(f"{slug}-{number}" for number in range(2, taken + 3))]
