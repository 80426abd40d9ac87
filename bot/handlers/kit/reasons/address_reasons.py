"""Words for addresses that are not proved to be somebody's."""

from bot.chat.words import _, ngettext
from bot.domain.people.addresses import CODES_AN_HOUR, MOST_OF_A_KIND, CodeProblem
from bot.domain.refusals import Refusal


def words(refusal: Refusal) -> str:
    """What is wrong, and what to do. Nothing is said of whose an address is."""
    match CodeProblem(refusal.reason or ""):
        case CodeProblem.WRONG:
            left = max(1, refusal.most - refusal.has)
            wrong = _("That is not the code. Look at the newest message that I sent there.")
            more = ngettext("You have {n} more try.", "You have {n} more tries.", left)
            return f"{wrong} {more}"
        case CodeProblem.LATE:
            return _("That code is too old: each is good for 15 minutes. Have another one sent.")
        case CodeProblem.TRIED_OUT:
            return _("That code was typed wrong too often, and is good no more. Have another one sent.")
        case CodeProblem.TOO_SOON:
            return _("I sent a code a moment ago. Wait a minute before you ask for another one.")
        case CodeProblem.TOO_MANY:
            return _("I sent {n} codes within the hour, and that is the most. Try again later.", n=CODES_AN_HOUR)
        case CodeProblem.SOMEBODY_ELSES:
            return _("This address cannot be added here: it belongs to another account. Nothing was changed.")
        case CodeProblem.YOURS:
            return _("You have this address already. Nothing was changed.")
        case CodeProblem.ENOUGH:
            return _("You have {n} of these already. Remove one of them first.", n=MOST_OF_A_KIND)
