"""The first lines of `/help`: which page the chat shows, and what can be done there."""

from bot.chat.words import _

PLACES = {
    "book": "choosing", "with": "choosing", "offer-of": "choosing", "when": "choosing",
    "days": "times", "times": "times", "clock": "clock", "reclock": "clock", "zone": "clock",
    "review": "review", "hold": "hold", "plan": "plan", "dates": "plan", "planned": "sessions",
    "sessions": "sessions", "past": "sessions", "booking": "session", "late": "session", "message": "session",
    "move": "move", "propose": "move", "cancel": "cancel", "coach-cancel": "cancel",
    "give-back": "session", "give-credit": "session", "late-money": "session", "to": "times", "settings": "settings",
    "packages": "packages", "package": "packages", "credit": "packages", "order": "packages",
    "gifts": "gifts", "gift": "gifts", "give": "gifts", "gift-code": "gifts", "gift-shown": "gifts",
    "hours": "hours", "today": "today", "agenda": "today", "settling": "today", "clients": "clients",
    "client": "clients", "coach": "coach", "setup": "practice", "offers": "practice", "offer": "practice",
    "team": "practice", "share": "practice", "workspaces": "practice", "audit": "audit", "report": "report",
    "coupons": "practice", "coupon": "practice", "invite": "practice", "invitations": "practice",
    "workspace": "practice", "client-credits": "credits", "grant": "credits", "frozen": "credits", "dispute": "credits",
    "client-tax": "credits",
    "cards": "cards", "card": "cards", "receipts": "receipts", "receipt": "receipts", "code": "choosing",
    "write": "session", "number": "session", "proposal": "move",
    "calendar": "calendar", "calendar-file": "session", "calendar-plan": "sessions",
    "fee": "fees", "fees": "fees", "no-show": "today",
}  # fmt: skip


def words(stands: str) -> tuple[str, str]:
    """Says what the page at this address is, and what can be done there."""
    place = PLACES.get(stands.partition("/")[0], "start")
    return _of_client(place) or _of_staff(place)


def _of_client(place: str) -> tuple[str, str] | None:  # noqa: PLR0911, PLR0912, C901 - one for each place
    match place:
        case "choosing":
            return _("You are choosing what to book."), _("Tap one of the choices. Nothing is booked yet.")
        case "times":
            words = _("Tap a day or a time, or type one: tue 3pm, 14:30, next week. Nothing is booked yet.")
            return _("You are choosing a time."), words
        case "clock":
            return _("You are choosing your time zone."), _("Tap the time that is right, or type your city.")
        case "review":
            return _("You are looking at a time before you book it."), _("Book it, or go back. Nothing is booked yet.")
        case "plan":
            words = _(
                "Choose the dates, change one or leave it out, and book all of them at once. Nothing is booked yet."
            )
            return _("You are planning several sessions."), words
        case "hold":
            return _("You hold a time that is not paid yet."), _("Pay, or let it go.")
        case "sessions":
            return _("You are looking at your sessions."), _("Open, move or cancel one, or book again.")
        case "packages":
            words = _("See what is left and what became of each session, or buy several at once.")
            return _("You are looking at your packages."), words
        case "gifts":
            words = _("Buy sessions for somebody else, look at the code of a gift, or open one that you were given.")
            return _("You are looking at gifts."), words
        case "session":
            return _("You are looking at one session."), _("Move or cancel it, or write to the other side.")
        case "move":
            words = _("Tap a day or a time, or type one: tue 3pm. The session stays where it is until you confirm.")
            return _("You are looking for another time for a session."), words
        case "cancel":
            return _("You are asked whether to cancel a session."), _("Cancel it or keep it. It stands until you say.")
        case "settings":
            return _("You are in your settings."), _("Change your time zone, your language or your reminders.")
        case "cards":
            return _("You are looking at your cards."), _("Keep one more, remove one, or say which is offered first.")
        case "fees":
            words = _("See how they stand, pay what is owed, or take back what you agreed to.")
            return _("You are looking at fees."), words
        case "calendar":
            words = _("Subscribe to it in your calendar, make a new one, or switch it off.")
            return _("You are looking at the link to your sessions."), words
        case "receipts":
            return _("You are looking at receipts."), _("Open one: it comes as a file.")
    return None


def _of_staff(place: str) -> tuple[str, str]:
    match place:
        case "hours":
            words = _("Change the week or single days. You see what changes before it is saved, and can undo it.")
            return _("You are looking at your hours."), words
        case "today":
            return _("You are looking at your day."), _("Open a session, or say how it went.")
        case "clients":
            return _("You are looking at your clients."), _("Open one to see their sessions.")
        case "credits":
            words = _("See what happened, and do what its buttons offer. The client reads what you change.")
            return _("You are looking at the money and the credits of a client."), words
        case "coach":
            return _("You are on your page as a coach."), _("Change your place or time zone, pause or share your link.")
        case "practice":
            return _("You are setting up the practice."), _("Change offers, coaches, questions and what is shared.")
        case "audit":
            return _("You are reading who changed what."), _("Page through it. Nothing can be changed here.")
        case "report":
            return _("You are reading what came in and went back."), _("Open another month, or the year.")
    return _("You are at the start."), _("Tap a button, or type a command.")
