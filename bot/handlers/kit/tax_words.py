"""Sentences about tax numbers: what the state says to one, and what follows from that."""

from bot.chat.screen import Line, Tone
from bot.chat.words import _
from bot.domain.payments.tax_numbers import NumberState


def of_number(state: NumberState | None) -> list[Line]:
    """For whose number it is; nothing where nobody asks."""
    match state:
        case None:
            return []
        case NumberState.PENDING:
            return [Line(_("Your tax number is being checked."), Tone.QUIET)]
        case NumberState.VERIFIED:
            return [Line(_("Your tax number was checked: it is valid."), Tone.QUIET)]
        case NumberState.UNVERIFIED:
            return [Line(_("The tax office does not know your tax number, so tax is taken as if there were none."))]
        case NumberState.UNAVAILABLE:
            return [Line(_("Nobody can check a tax number of this kind. It stands on your receipts."), Tone.QUIET)]


def of_number_to_owner(state: NumberState | None) -> list[Line]:
    match state:
        case None:
            return []
        case NumberState.PENDING:
            return [Line(_("It is being checked."), Tone.QUIET)]
        case NumberState.VERIFIED:
            return [Line(_("It was checked: it is valid."), Tone.QUIET)]
        case NumberState.UNVERIFIED:
            return [Line(_("The tax office does not know it, so tax is taken as if there were none."))]
        case NumberState.UNAVAILABLE:
            return [Line(_("Nobody can check one of this kind. It stands on receipts."), Tone.QUIET)]
