"""What is said to whoever wrote to the number: how SMS end, that they have ended, or where somebody reads."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot.channels.sms.twilio import TwilioApi
from bot.chat.channel import NotDelivered
from bot.chat.words import _, speaking
from bot.domain.practice.practice import Practice
from bot.domain.reach.sms_fit import fitted, plain
from bot.services.reach.sms_news import Answer, Reply

log = logging.getLogger(__name__)

VALID_S = 3600


class Answers:
    """`practice` tells how the practice is called and where somebody reads, where it says so. An answer that does not
    get through is not repeated: whoever wrote can write again."""

    def __init__(self, api: TwilioApi, practice: Callable[[], Awaitable[Practice]]) -> None:
        self._api = api
        self._practice = practice

    async def give(self, answers: Sequence[Answer | None], now: datetime) -> None:
        wanted = [each for each in answers if each is not None]
        if not wanted:
            return
        practice = await self._practice()
        for each in wanted:
            number = each.account.address
            if number is None:
                continue
            with speaking(each.language):
                text = words(each.reply, practice)
            try:
                await self._api.create(number, text, VALID_S)
            except NotDelivered as refused:
                log.warning("sms.unanswered", extra={"ids": {"account": each.account.id, "why": str(refused)}})


def words(reply: Reply, practice: Practice) -> str:
    """In the language that is spoken, in two parts at most."""
    name = practice.name or _("the practice")
    if reply is Reply.ENDED:
        lines = [_("You get no more SMS from {name}.", name=name)]
    elif reply is Reply.HELP:
        lines = [_("{name} sends you SMS about your sessions. STOP ends them.", name=name)]
    else:
        lines = [_("Nobody reads what is sent to this number.")]
    if reply is not Reply.ENDED and practice.contact is not None:
        lines.append(_("For a question, write to {contact}.", contact=practice.contact))
    return fitted([plain(line) for line in lines], [])
