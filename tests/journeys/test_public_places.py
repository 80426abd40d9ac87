"""In a Telegram group and a Slack channel nobody's data is shown."""

from tests.journeys.stories import FREE, books, practice
from tests.support.people.person import Person
from tests.support.people.slack_hands import SlackHands
from tests.support.people.telegram_hands import TelegramHands
from tests.support.whole_product import TEAM, WholeProduct

PRIVATE = ("/sessions", "/today", "/clients", "/setup", "/audit", "/settings", "/availability")


async def test_a_telegram_group_reads_nothing_private(product: WholeProduct) -> None:
    ana, mia = await practice(product, "telegram", "telegram", FREE)
    await books(mia, "Wed 3 Feb", "10:00")
    there = _in_group(product, ana, mia)
    for command in (*PRIVATE, "/book"):
        await there.says(command)
        await there.sees("in private")
        assert (await there.link("Go to our private chat")).startswith("https://t.me/")
        await there.never_sees("Mia Kovalenko", seconds=0.05)
        await there.never_sees("First talk", seconds=0.05)
    await there.says("/start")
    await there.sees("Welcome to Harbour Coaching")


def _in_group(product: WholeProduct, ana: Person, mia: Person) -> Person:
    """The coach, speaking where a client listens."""
    assert isinstance(ana.hands, TelegramHands)
    assert isinstance(mia.hands, TelegramHands)
    world = product.telegram.world
    group = world.add_group("Coaching circle", {ana.hands.user, mia.hands.user})
    world.chats[group.id].members.add(world.bot.id)
    hands = TelegramHands(product.session, product.served["telegram"].url, ana.hands.user, group.id)
    there = Person("Ana in the group", ana.city, hands, product.browser)
    product.people.append(there)
    return there


async def test_a_slack_channel_reads_nothing_private(product: WholeProduct) -> None:
    ana, mia = await practice(product, "slack", "slack", FREE)
    await books(mia, "Wed 3 Feb", "10:00")
    ana_there, mia_there = _in_channel(product, ana), _in_channel(product, mia)
    for command in (*PRIVATE, "/book"):
        await ana_there.says(command)
        await ana_there.never_sees("Mia Kovalenko", seconds=0.05)
        await mia_there.never_sees("First talk", seconds=0.05)
    await mia_there.says("/sessions")
    await mia_there.sees("private chat")
    await mia.sees("Your sessions", "First talk")
    assert not [seen for seen in await ana_there.hands.look() if "First talk" in seen.text and not seen.over_all]


def _in_channel(product: WholeProduct, person: Person) -> Person:
    assert isinstance(person.hands, SlackHands)
    team = product.slack.slack.teams[TEAM]
    channel = next(one for one in team.channels.values() if one.name == "general")
    hands = SlackHands(product.session, product.served["slack"].url, TEAM, person.hands.user, channel.id)
    there = Person(f"{person.name} in #general", person.city, hands, product.browser)
    product.people.append(there)
    return there
