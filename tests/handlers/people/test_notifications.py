"""Settings, Notifications: an address is added and proved in the chat; each topic comes where its reader wants it."""

from dataclasses import replace

from bot.chat.forms import read_form
from bot.chat.screen import Invalid
from bot.domain.notices.topics import Topic
from bot.domain.notices.ways import Where
from bot.domain.people.people import Account, Profile
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.handlers.conversation.crowded import THEO
from tests.services.bare_practice import ANA, CLIENT, OWNER

MAIL = "theo@example.org"


async def account(chat: BareChat, somebody: Somebody) -> Account:
    person = (await somebody.turn()).person
    [found] = await chat.desk.addresses.of(person.id)
    return found


async def mailed(chat: BareChat, to: Account) -> str | None:
    """What the message with the code says, drawn as the sender does."""
    seen = await chat.visitor.visit(to.person_id, to, f"notice/address-code/{to.id}")
    return None if seen is None else as_text(seen)


async def proved(chat: BareChat, who: Profile = THEO, address: str = MAIL) -> Somebody:
    theo = Somebody(chat, who)
    await theo.goes("settings/notify")
    await theo.taps("Add e-mail")
    await theo.fills(address=address)
    text = await mailed(chat, await account(chat, theo))
    assert text is not None
    await theo.fills(code=text.splitlines()[1].rpartition(" ")[2])
    return theo


async def test_an_address_is_added_proved_chosen_and_removed(chat: BareChat) -> None:
    theo = Somebody(chat, THEO)
    await theo.goes("settings")
    await theo.taps("Notifications")
    theo.sees("Only this chat so far", "Reminders: here in the chat")
    await theo.taps("Add e-mail")
    await theo.fills(address=" Theo@EXAMPLE.org ")
    theo.sees("Theo@example.org", "good for 15 minutes")
    await theo.goes("settings/notify")
    theo.sees("Theo@example.org: waits for its code")
    await theo.taps("Theo@example.org")
    await theo.taps("Type the code")
    text = await mailed(chat, await account(chat, theo))
    assert text is not None
    assert "Your code for" in text
    await theo.fills(code=text.splitlines()[1].rpartition(" ")[2])
    theo.sees("Theo@example.org: confirmed")

    await theo.taps("Reminders")
    await theo.taps("Mail me a copy")
    theo.sees("Reminders: here, and a copy by mail")
    await theo.taps("News")
    await theo.taps("Only what has to come")
    theo.sees("News: only what has to come")

    await theo.taps("Theo@example.org")
    await theo.taps("Remove it")
    theo.sees("I forgot Theo@example.org", "Only this chat so far")


async def test_the_code_is_shown_to_its_address_and_in_no_chat(chat: BareChat) -> None:
    theo = Somebody(chat, THEO)
    await theo.goes("settings/notify/add/email")
    await theo.fills(address=MAIL)
    its = await account(chat, theo)
    assert await mailed(chat, its) is not None
    assert "no longer here" in (await theo.goes(f"notice/address-code/{its.id}")).title
    other = Somebody(chat, ANA)
    assert "no longer here" in (await other.goes(f"notice/address-code/{its.id}")).title
    assert "no longer here" in (await other.goes(f"settings/notify/at/{its.id}")).title


async def refused(theo: Somebody, **raw: str) -> str:
    """Why a form's answers cannot stand."""
    form = theo.screen.form
    assert form is not None
    values, errors = read_form(form, raw)
    if errors:
        return " ".join(errors.values())
    answer = await theo.chat.router.send(await theo.turn(), form.to, values)
    assert isinstance(answer, Invalid), answer
    return " ".join(answer.errors.values())


async def test_what_is_wrong_is_said_and_nothing_is_changed(chat: BareChat) -> None:
    theo = Somebody(chat, THEO)
    await theo.goes("settings/notify/add/email")
    assert "no e-mail address" in await refused(theo, address="theo@example")
    assert "no e-mail address" in await refused(theo, address="theo@example.org\nBcc: eve@example.org")
    assert "plain letters" in await refused(theo, address="théo@example.org")
    await theo.goes("settings/notify/add/sms")
    assert "no telephone number" in await refused(theo, address="12")
    assert "No messages can be sent" in await refused(theo, address="+43 1 5331234")
    assert await chat.desk.addresses.of((await theo.turn()).person.id) == []


async def test_a_number_is_kept_with_its_country_and_read_in_groups(chat: BareChat) -> None:
    theo = Somebody(chat, THEO)
    await theo.goes("settings/notify/add/sms")
    await theo.fills(address="0043 660 1234567")
    theo.sees("+43 660 1234567")
    assert (await account(chat, theo)).address == "+436601234567"


async def test_an_address_of_somebody_else_is_refused_without_saying_whose(chat: BareChat) -> None:
    await proved(chat)
    clara = Somebody(chat, CLIENT)
    await clara.goes("settings/notify/add/email")
    words = await refused(clara, address=MAIL.upper())
    assert "another" in words or "anderen" in words
    assert "Theo" not in words


async def test_a_wrong_code_says_how_many_tries_are_left(chat: BareChat) -> None:
    theo = Somebody(chat, THEO)
    await theo.goes("settings/notify/add/email")
    await theo.fills(address=MAIL)
    text = await mailed(chat, await account(chat, theo))
    assert text is not None
    right = text.splitlines()[1].rpartition(" ")[2]
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    assert "4 more tries" in await refused(theo, code=wrong)
    await theo.goes(f"settings/notify/at/{(await account(chat, theo)).id}")
    await theo.taps("Send another code")
    theo.sees("Wait a minute")


async def test_without_a_provider_owners_read_what_to_set_and_others_nothing(chat: BareChat) -> None:
    chat.use(replace(chat.desk, deployment=replace(chat.desk.deployment, addresses=frozenset())))
    owner, theo = Somebody(chat, OWNER), Somebody(chat, THEO)
    await owner.goes("settings/notify")
    owner.sees("SMTP_URL", "TWILIO_ACCOUNT_SID")
    await theo.goes("settings/notify")
    assert "SMTP" not in theo.text
    assert all("Add" not in button.text for button in theo.buttons)


async def test_receipts_say_why_they_come_always(chat: BareChat) -> None:
    theo = await proved(chat)
    await theo.goes("settings/notify/topic/money")
    theo.sees("Receipts", "come always")
    await theo.taps("Only by mail")
    reach = await chat.desk.preferences.of((await theo.turn()).person.id)
    assert reach.preferences.of(Topic.MONEY).where is Where.EMAIL
