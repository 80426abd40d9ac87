"""Words typed instead of tapped, names made to break things, and what nobody is meant to reach."""

from tests.journeys.stories import FREE, arrives, books, first_day, practice
from tests.support.people.person import Person
from tests.support.people.seen import Seen
from tests.support.people.slack_hands import SlackHands
from tests.support.people.telegram_hands import TelegramHands
from tests.support.whole_product import TEAM, WholeProduct

HOSTILE = "$1,000.50 <b> <!channel> *x* _y_"


async def test_words_that_mean_nothing_get_an_answer(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform, FREE)
    await mia.says("/start")
    await mia.says("purple elephants & <b>friends</b>")
    await mia.sees("I read “purple elephants & <b>friends</b>”")
    assert await mia.can_tap("Book a session")
    await mia.says("purple elephants again")
    await mia.sees("still do not understand", "For a human, type: human")


async def test_words_find_their_way(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform, FREE)
    for words, seen in {
        "help": "Help",
        "Reschedule": "Your sessions",
        "settings": "Settings",
        "book": "First talk: which day?",
        "hello!": "Welcome to Harbour Coaching",
        "/rapport sessions": "Your sessions",
        "/sessions help": "Help",
    }.items():
        await mia.says(words)
        await mia.sees(seen)


async def test_a_time_can_be_typed(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform, FREE)
    await mia.says("wed 11am")
    await mia.sees("Wed 3 Feb")


async def test_a_command_wins_over_a_waiting_question(product: WholeProduct) -> None:
    """On Telegram, where a form is asked field by field."""
    _ana, mia = await practice(product, "slack", "telegram", FREE)
    await books(mia, "Wed 3 Feb", "10:00")
    await mia.taps("Message", on="Booked:")
    await mia.sees("Your message to Ana Fischer")
    await mia.says("/sessions")
    await mia.sees("put aside", "nothing was changed", "Your sessions")
    await mia.says("and now a word to nobody")
    await mia.sees("I read “and now a word to nobody”")


async def test_a_name_made_to_break_things_stays_a_name(product: WholeProduct, crossing: tuple[str, str]) -> None:
    ana = product.owner(crossing[0])
    await first_day(ana, FREE)
    eve = await arrives(product.person(crossing[1], HOSTILE, "Kyiv"))
    await books(eve, "Wed 3 Feb", "10:00")
    await ana.sees(f"New booking: First talk with {HOSTILE}")
    await eve.taps("Message", on="Booked:")
    await eve.fills("costs $1,000.50 <b>bold</b> <!channel> <@U123> &amp; *stars*")
    await ana.sees(f"{HOSTILE} writes", "costs $1,000.50 <b>bold</b> <!channel> <@U123> &amp; *stars*")
    await ana.says("/clients")
    await ana.sees(HOSTILE)


async def test_roles_decide_what_is_there(product: WholeProduct, platform: str) -> None:
    """A client learns whose a command is, and nothing that stands behind it."""
    _ana, mia = await practice(product, platform, platform, FREE)
    for command in ("/setup", "/audit", "/today", "/clients", "/availability mon-fri 0-24", "/coach"):
        await mia.says(command)
        await mia.sees("This is not for you")
        await mia.never_sees("Harbour Coaching is open", seconds=0.1)


async def test_forged_and_foreign_addresses_do_nothing(product: WholeProduct, platform: str) -> None:
    ana, mia = await practice(product, platform, platform, FREE)
    eve = await arrives(product.person(platform, "Eve Stone", "London"))
    await books(mia, "Wed 3 Feb", "10:00")
    await ana.sees("New booking")
    await mia.says("/sessions")
    await mia.taps("Cancel", on="Your sessions")
    stolen = await _carried(mia, "Cancel session")
    for to in (
        stolen, "booking/1", "cancel/1", "move/1", "write/1", "client/2", "cancel/1/yes/aaaaaaaa", "setup", "offers",
        "today", "nothing/here", "booking/99999999999999999999", "../../etc", "times/1/1/9999-12-31", "hold/1",
        "hold/1/1/20270203T0800Z/aaaaaaaa", "proposal/1", "message/1", "settle/1/held/aaaaaaaa", "form/pick/0/0",
    ):  # fmt: skip
        await _forge(product, eve, to)
        await eve.never_sees("Mia Kovalenko", seconds=0.05)
        await eve.never_sees("went wrong", seconds=0.05)
    await mia.says("/sessions")
    await mia.sees("Wed 3 Feb", "10:00")
    await ana.never_sees("Cancelled:", seconds=0.3)


async def _carried(person: Person, label: str) -> str:
    """The address under a button."""
    seen, key = await person.finds(label, "Cancel this session?")
    if isinstance(person.hands, TelegramHands):
        return await person.hands.data(seen, key)
    assert isinstance(person.hands, SlackHands)
    return await person.hands.value(seen, key)


async def _forge(product: WholeProduct, person: Person, to: str) -> None:
    """A tap that carries an address which no button offers."""
    await person.says("/help")
    seen = await person.sees("Help")
    hands = person.hands
    assert isinstance(hands, TelegramHands | SlackHands)
    if isinstance(hands, SlackHands):
        _rewrite(product, seen, to)
    await person.does(f"forges {to}", lambda: hands.forge(seen, to))


def _rewrite(product: WholeProduct, seen: Seen, to: str) -> None:
    """Slack signs what a button carries, so the only forger is one who could write into the message itself."""
    messages = [m for channel in product.slack.slack.teams[TEAM].channels.values() for m in channel.messages]
    blocks = next(message for message in messages if message.ts == seen.ref).blocks
    next(block for block in blocks if block["type"] == "actions")["elements"][0]["value"] = to
