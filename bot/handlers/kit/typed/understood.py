"""Says back what was understood of an answer, before the next question is asked."""

from datetime import datetime

from babel.numbers import get_currency_name

from bot.chat import tell
from bot.chat.links import tappable
from bot.chat.words import _, current_language
from bot.domain.calendar.spans import HoursChange
from bot.domain.practice.offers import Place, PlaceKind
from bot.domain.practice.parse_offer import OfferLine
from bot.domain.practice.practice import Question
from bot.handlers.kit.typed import hours_words


def words(question: Question, answer: object, now: datetime) -> str:
    """To who gave the answer, in the reader's language."""
    match answer:
        case HoursChange():
            return _("Understood: {hours}.", hours=hours_words.typed(answer))
        case OfferLine(name, length_min):
            length, price = tell.minutes(length_min), tell.money(answer.price)
            return _("Understood: “{name}”, {length}, {price}.", name=name, length=length, price=price)
        case Place():
            return _place(answer)
    match question:
        case Question.CURRENCY:
            return _("Understood: prices are in {currency}.", currency=_currency(str(answer)))
        case Question.ZONE:
            city, time = tell.city(str(answer)), tell.clock(now, str(answer))
            return _("Understood: {city} time, where it is {time} now.", city=city, time=time)
        case _:
            return _("Understood: the practice is called “{name}”.", name=answer)


def _currency(code: str) -> str:
    spoken = get_currency_name(code, locale=current_language())
    return code if spoken == code else f"{spoken} ({code})"


def _place(where: Place) -> str:
    """To the coach whose place it is. A link ends the sentence, so that it stays one."""
    match where.kind:
        case PlaceKind.VIDEO:
            return _("Understood: a video call, {link}", link=tappable(where.details))
        case PlaceKind.PHONE_CLIENT_CALLS:
            return _("Understood: by phone, clients call {number}.", number=where.details)
        case PlaceKind.PHONE_COACH_CALLS:
            number = where.details
            return _("Understood: you call from {number}; clients give their number when they book.", number=number)
        case PlaceKind.ADDRESS:
            return _("Understood: in person, at {place}.", place=where.details)
