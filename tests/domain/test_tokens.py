"""What could be a token is told from other start payloads by its shape."""

from bot.domain.tokens import GIFT, INVITATION
from bot.services.kit.drawn_letters import draw


def test_what_is_drawn_fits_its_own_shape_alone() -> None:
    gift, invitation = f"{GIFT.prefix}{draw(GIFT.length)}", f"{INVITATION.prefix}{draw(INVITATION.length)}"
    assert (GIFT.fits(gift), INVITATION.fits(invitation)) == (True, True)
    for other in (invitation, gift[:-1], f"{gift}a", gift.upper(), f"{gift[:-1]}0", "practice"):
        assert not GIFT.fits(other)
