"""Asks for a person's time zone before the first times are shown; a button under every list of times changes it."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, Form, Invalid, Line, Redirect, Row, Screen, Tone, Wrong
from bot.chat.shorten import shorten
from bot.chat.turn import Turn
from bot.chat.words import _, current_language
from bot.domain.calendar.local_dates import day_of
from bot.domain.people.places import ZoneGuess
from bot.domain.people.zones import likely_zones, resolve_zone
from bot.handlers.kit import back_row, failures, refusals
from bot.handlers.kit.typed import zone_names
from bot.services.desk import Desk

ASKED = "asked"
FOLLOWING = {"clock": "soonest", "reclock": "move", "zone": "settings"}

Head = tuple[str | int, ...]
"""Addresses that ask for the zone: `clock/3/7` before times, `reclock/5` while moving, `zone` in the settings."""


async def before_times(turn: Turn, desk: Desk, offer: int, coach: int) -> Screen:
    """`clock/3/7`: asked on the way to the times of an offer."""
    return await _ask(turn, desk, ("clock", offer, coach))


async def while_moving(turn: Turn, desk: Desk, booking: int) -> Screen:
    return await _ask(turn, desk, ("reclock", booking))


async def in_settings(turn: Turn, desk: Desk) -> Screen:
    return await _ask(turn, desk, ("zone",))


async def _ask(turn: Turn, desk: Desk, head: Head) -> Screen:
    now = int(turn.now.timestamp())
    zones = likely_zones(current_language(), turn.zone, now)
    guess = zones[0]
    rows: list[Row] = [(_clock_button(turn, head, ZoneGuess(zone, tell.city(zone))),) for zone in zones]
    rows.append((Button(_("Another city or time"), address(*head, "type")),))
    rows.append(await _last_row(turn, desk, head))
    return Screen(
        _("Is it {time} where you are?", time=tell.clock(turn.now, guess)),
        (Line(_("Then I can show every time in your own time zone. Choose yours:")),),
        tuple(rows),
    )


async def _last_row(turn: Turn, desk: Desk, head: Head) -> Row:
    match head:
        case ("clock", int(offer), _coach):
            return back_row.row(await back_row.from_days(turn, desk, offer))
        case ("reclock", booking):
            return (Button(_("Back"), address("move", booking)), Button(_("Keep it"), address("booking", booking)))
        case _:
            return (Button(_("Back"), "settings"), Button(_("Start"), "start"))


def _clock_button(turn: Turn, head: Head, guess: ZoneGuess) -> Button:
    words = _("{time} · {city}", time=tell.clock(turn.now, guess.zone), city=guess.city)
    return Button(words, turn.do(*head, zone_names.code(guess.zone), stated=(guess.zone,)))


async def type_before_times(turn: Turn, _desk: Desk, offer: int, coach: int) -> Screen:
    return _form(turn, ("clock", offer, coach))


async def type_while_moving(turn: Turn, _desk: Desk, booking: int) -> Screen:
    return _form(turn, ("reclock", booking))


async def type_in_settings(turn: Turn, _desk: Desk) -> Screen:
    return _form(turn, ("zone",))


def _form(turn: Turn, head: Head) -> Screen:
    now = int(turn.now.timestamp())

    def read(raw: str) -> object:
        guesses = resolve_zone(raw, now, current_language())
        if guesses:
            return guesses
        return Wrong(
            _("I do not know “{words}”. Type a larger city nearby, or the time on your clock.", words=shorten(raw, 40))
        )

    asked = Field(
        "where", _("Your city, or the time on your clock now"), hint=_("For example: Munich, Kyiv, 2pm"), read=read
    )
    leave = _("Leave it as it is") if head[0] == "reclock" else None
    form = Form(turn.do(*head, "typed"), (asked,), _("Use it"), cancel_to=address(*head), leave_words=leave)
    return Screen(_("Your time zone"), (), (), form=form)


async def typed_before_times(turn: Turn, desk: Desk, offer: int, coach: int) -> Screen | Redirect | Invalid:
    return await _typed(turn, desk, ("clock", offer, coach))


async def typed_while_moving(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect | Invalid:
    return await _typed(turn, desk, ("reclock", booking))


async def typed_in_settings(turn: Turn, desk: Desk) -> Screen | Redirect | Invalid:
    return await _typed(turn, desk, ("zone",))


async def _typed(turn: Turn, desk: Desk, head: Head) -> Screen | Redirect | Invalid:
    """Takes the typed place if only one fits; shows several with their clocks."""
    turn.require()
    guesses = turn.values["where"]
    assert isinstance(guesses, list)
    if len(guesses) == 1 and guesses[0].sure:
        return await _set(turn, desk, head, guesses[0].zone)
    rows: list[Row] = [(_clock_button(turn, head, guess),) for guess in guesses]
    rows.append((Button(_("Type again"), address(*head, "type")), Button(_("Back"), address(*head))))
    return Screen(_("Which one is yours?"), (), tuple(rows))


async def set_before_times(turn: Turn, desk: Desk, offer: int, coach: int, zone: str) -> Screen | Redirect:
    return await _chosen(turn, desk, ("clock", offer, coach), zone)


async def set_while_moving(turn: Turn, desk: Desk, booking: int, zone: str) -> Screen | Redirect:
    return await _chosen(turn, desk, ("reclock", booking), zone)


async def set_in_settings(turn: Turn, desk: Desk, zone: str) -> Screen | Redirect:
    return await _chosen(turn, desk, ("zone",), zone)


async def _chosen(turn: Turn, desk: Desk, head: Head, word: str) -> Screen | Redirect:
    zone = zone_names.zone_of(word)
    if zone is None:
        return failures.missing()
    turn.require(zone)
    return await _set(turn, desk, head, zone)


async def _set(turn: Turn, desk: Desk, head: Head, zone: str) -> Screen | Redirect:
    following = address(FOLLOWING[str(head[0])], *head[1:])
    outcome = await desk.people.set_zone(turn.act(following), zone, ASKED)
    said = _("From now on I show times in {city} time.", city=tell.city(zone))
    return refusals.or_next(turn, outcome, "settings", said)


async def soonest(turn: Turn, desk: Desk, offer: int, coach: int) -> Screen | Redirect:
    """Leads to the times of the first free day, so that a person who has just told their zone need not choose a day."""
    found = await desk.offers.find(offer, turn.generation)
    if found is None:
        return failures.missing()
    free = await desk.times.next_free(found, coach or None, turn.now, turn.now)
    if free is None:
        return Redirect(address("days", offer, coach))
    return Redirect(address("times", offer, coach, day_of(free.starts, turn.zone)))


async def follow(turn: Turn, desk: Desk) -> Screen | Redirect:
    """The Slack profile has another zone by now: offers it, and never takes it over unasked."""
    offered, mine = await desk.people.offered_zone(turn.person, turn.now), turn.person.zone
    if offered is None or mine is None:
        return Redirect("gone")
    now = _("{time} · {city}", time=tell.clock(turn.now, mine), city=tell.city(mine))
    then = _("{time} · {city}", time=tell.clock(turn.now, offered), city=tell.city(offered))
    until = _("I show your times in {city} time and keep doing so until you change it.", city=tell.city(mine))
    use = turn.do("zone", zone_names.code(offered), stated=(offered,))
    return Screen(
        _("Have you changed your time zone?"),
        (
            Line(_("Your profile is now set to {city} time.", city=tell.city(offered)), Tone.STRONG),
            Line(until),
        ),
        (
            (Button(_("Use {clock}", clock=then), use), Button(_("Keep {clock}", clock=now), "settings")),
            (Button(_("Another time zone"), "zone"),),
        ),
    )


ROUTES: tuple[Route, ...] = (
    show("clock/{offer:id}/{coach:id}", before_times),
    show("clock/{offer:id}/{coach:id}/type", type_before_times),
    do("clock/{offer:id}/{coach:id}/typed", typed_before_times, back="clock/{offer:id}/{coach:id}"),
    do("clock/{offer:id}/{coach:id}/{zone:word}", set_before_times, back="clock/{offer:id}/{coach:id}"),
    show("soonest/{offer:id}/{coach:id}", soonest),
    show("reclock/{booking:id}", while_moving),
    show("reclock/{booking:id}/type", type_while_moving),
    do("reclock/{booking:id}/typed", typed_while_moving, back="reclock/{booking:id}"),
    do("reclock/{booking:id}/{zone:word}", set_while_moving, back="reclock/{booking:id}"),
    show("zone", in_settings),
    show("zone/type", type_in_settings),
    do("zone/typed", typed_in_settings, back="zone"),
    do("zone/{zone:word}", set_in_settings, back="zone"),
)
