"""Links that lead into the chat: start payloads, what they resolve to, and their QR pictures."""

import asyncio
import io
from dataclasses import dataclass
from datetime import datetime

import segno

from bot.domain.people.people import Person
from bot.domain.practice.coaches import Coach, CoachState
from bot.domain.practice.offers import Offer, OfferState
from bot.domain.practice.practice import Deployment
from bot.domain.pricing.coupons import CODE, Coupon, as_code
from bot.domain.tokens import GIFT, INVITATION
from storage.engine import Storage, Tx
from storage.practice import coaches, offers

PRACTICE = "book"
ANY_COACH = 0
_QR_SCALE = 8  # pixels of one module: about 300 px for a short link
_SHARED = (OfferState.OPEN, OfferState.PAUSED)


@dataclass(frozen=True)
class Links:
    """Where a payload can be followed. `telegram` is None without a bot, `install` where no app can be installed."""

    payload: str
    telegram: str | None
    install: str | None


class Sharing:
    """`telegram_username` is how Telegram calls this bot: known once Telegram has first answered."""

    def __init__(self, storage: Storage, deployment: Deployment, telegram_username: str | None = None) -> None:
        self._storage = storage
        self._deployment = deployment
        self.telegram_username = telegram_username

    async def resolve(self, payload: str, person: Person, now: datetime) -> str | None:
        """The address that a start payload leads to, always one that only shows; None when it leads nowhere.

        A token is not looked up, let alone used: a dead one and a made-up one show the same screen.
        """
        if INVITATION.fits(payload):
            return f"coach/accept/{payload}"
        if GIFT.fits(payload):
            return f"gift-open/{payload}"
        if payload == PRACTICE:
            return PRACTICE
        kind, _, name = payload.partition("-")
        if kind == "session" and name.isascii() and name.isdigit() and len(name) < 13:
            return f"booking/{name}"
        if kind == "coach":
            return await self._storage.read(lambda tx: _coach_page(tx, name))
        if kind == "coupon" and CODE.fullmatch(as_code(name)):
            return f"code/{as_code(name).lower()}"
        if kind == "offer" and name.isascii() and name.isdigit() and len(name) < 19:
            return await self._storage.read(lambda tx: _offer_page(tx, int(name)))
        return None

    def of_practice(self) -> Links:
        return self._links(PRACTICE)

    def of_coach(self, coach: Coach) -> Links:
        return self._links(f"coach-{coach.short_name}")

    def of_offer(self, offer: Offer) -> Links:
        return self._links(f"offer-{offer.id}")

    def of_coupon(self, coupon: Coupon) -> Links:
        return self._links(f"coupon-{coupon.code.lower()}")

    def of_token(self, token: str) -> Links:
        """The link of an invitation or of a gift: to be given to one person."""
        return self._links(token)

    def _links(self, payload: str) -> Links:
        username = self.telegram_username
        install = f"{self._deployment.public_url.rstrip('/')}/slack/install"
        return Links(
            payload=payload,
            telegram=None if username is None else f"https://t.me/{username}?start={payload}",
            install=install if self._deployment.slack_install else None,
        )

    async def picture(self, url: str) -> bytes:
        """The link as a QR picture (PNG)."""
        return await asyncio.to_thread(_png, url)


def _coach_page(tx: Tx, short_name: str) -> str | None:
    coach = coaches.by_short_name(tx, short_name)
    return None if coach is None or coach.state is CoachState.REMOVED else f"with/{coach.id}"


def _offer_page(tx: Tx, offer_id: int) -> str | None:
    offer = offers.find(tx, offer_id)
    if offer is None or offer.state not in _SHARED:
        return None
    coach_id = offer.coach_ids[0] if len(offer.coach_ids) == 1 else ANY_COACH
    return f"days/{offer.id}/{coach_id}"


def _png(url: str) -> bytes:
    picture = io.BytesIO()
    segno.make(url, error="m", micro=False).save(picture, kind="png", scale=_QR_SCALE, border=4)
    return picture.getvalue()
