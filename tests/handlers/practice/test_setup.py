"""`/setup`: six answers for a solo owner, left and resumed at will, and a checklist at the end."""

from bot.chat.forms import OpenForm, ask, read_form
from bot.chat.screen import Wrong
from bot.domain.people.people import Platform, Profile
from bot.domain.practice.practice import Question
from storage.engine import Storage
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.handlers.firstday import move_into
from tests.services.bare_practice import ANA, OWNER

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
ANSWERS = ("Olga's practice", "EUR", "Munich", "mon-fri 9-17", "Coaching 50 min 0", "https://meet.example/olga")


async def test_six_answers_open_the_practice(chat: BareChat, empty: Storage) -> None:
    move_into(chat, empty, payments_on=False)
    olga = Somebody(chat, OWNER)
    await olga.goes("setup")
    for number, answer in enumerate(ANSWERS, 1):
        olga.sees(f"Setup {number} of 6")
        await olga.fills(answer=answer)
    olga.sees("Olga's practice is open", "✓ Hours: done", "✗ Card payments", "[Share the link]", "[Take cards]")
    practice = await chat.desk.practice.get()
    assert practice.answered == set(Question)
    [coach] = await chat.desk.coaches.active()
    assert (coach.zone, coach.schedule.weekly[0]) == ("Europe/Berlin", ((540, 1020),))
    [offer] = await chat.desk.offers.open_for(coach.id)
    assert await chat.desk.times.next_free(offer, coach.id, chat.practice.now(), chat.practice.now()) is not None


async def test_each_answer_is_said_back_before_the_next_question(chat: BareChat, empty: Storage) -> None:
    move_into(chat, empty, payments_on=False)
    olga = Somebody(chat, OWNER)
    await olga.goes("setup")
    for answer, said in (
        ("Olga's practice", "Understood: the practice is called “Olga's practice”."),
        ("chf", "Understood: prices are in Swiss Franc (CHF)."),
        ("Munich", "Understood: Berlin time, where it is 10:0"),
        ("mon-thu 9-12,14-17; fri 9-13; off 24-26 dec", "Understood: Mon–Thu 09:00–12:00, 14:00–17:00; Fri 09:00–13"),
        ("Coaching, eine halbe Stunde, 0", "Understood: “Coaching”, 30 minutes, free."),
        ("I call from +43 1 5331234", "Understood: you call from +43 1 5331234; clients give their number"),
    ):
        await olga.fills(answer=answer)
        olga.sees(said)
    assert "Thu 24 Dec to Sat 26 Dec" in as_text(await olga.goes("hours"))


async def test_several_answers_in_one_are_a_question(chat: BareChat, empty: Storage) -> None:
    move_into(chat, empty, payments_on=False)
    olga = Somebody(chat, OWNER)
    for question, typed, first in (
        ("name", "Olga's practice, EUR, mon-fri 9-17", ("Olga's practice",)),
        ("zone", "EUR, Vienna", ()),
        ("zone", "Vienna, mon-fri 9-17", ("Vienna",)),
        ("offer", "EUR, Coaching 50 min 0", ()),
        ("place", "Hauptstr. 5 Wien, EUR, mon-fri 9-17", ("Hauptstr. 5 Wien",)),
    ):
        await olga.goes(f"setup/{question}")
        assert olga.screen.form is not None
        wrong = olga.screen.form.fields[0].read(typed)
        assert isinstance(wrong, Wrong), wrong
        assert "answers to several questions" in wrong.words
        assert wrong.instead == first


async def test_setup_is_left_and_resumed(chat: BareChat, empty: Storage) -> None:
    move_into(chat, empty, payments_on=False)
    olga = Somebody(chat, OWNER)
    await olga.goes("setup")
    await olga.fills(answer=ANSWERS[0])
    await olga.goes("start")
    await olga.goes("setup")
    olga.sees("Setup 2 of 6")


async def test_defaults_answer_four_of_the_six(chat: BareChat, empty: Storage) -> None:
    move_into(chat, empty, payments_on=False)
    olga = Somebody(chat, OWNER)
    await olga.goes("setup")
    await olga.fills(answer=ANSWERS[0])
    for _question in range(4):
        form = olga.screen.form
        assert form is not None
        assert form.fields[0].default is not None
        shown = as_text(ask(olga.screen, form, OpenForm("setup", form.to)))
        assert "Now:" not in shown
        await olga.fills(answer=form.fields[0].default)
    olga.sees("Setup 6 of 6")


async def test_a_mistake_is_named_and_nothing_is_kept(chat: BareChat, empty: Storage) -> None:
    move_into(chat, empty, payments_on=False)
    olga = Somebody(chat, OWNER)
    for question, wrong, words in (
        ("currency", "Euros!", "not a currency"),
        ("zone", "Xyzzyville", "I do not know “Xyzzyville”"),
        ("hours", "mon 9-25", "There is no such time as “9-25”"),
        ("offer", "Coaching", "Write a name, a length and a price"),
        ("offer", "Coaching 50 min 12.345", "12.345 could be 12.35 or 12345."),
        ("place", "https://nowhere", "A link that people can open"),
        ("place", "Phone", "“Phone” says how, not where"),
    ):
        await olga.goes(f"setup/{question}")
        form = olga.screen.form
        assert form is not None
        _values, errors = read_form(form, {"answer": wrong})
        assert words in errors["answer"]
    assert (await chat.desk.practice.get()).answered == set()


async def test_a_priced_offer_waits_for_stripe_and_says_which_settings(chat: BareChat, empty: Storage) -> None:
    move_into(chat, empty, payments_on=False)
    olga = Somebody(chat, OWNER)
    await olga.goes("setup")
    for answer in (*ANSWERS[:4], "Coaching 50 min 45"):
        await olga.fills(answer=answer)
    olga.sees("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "Setup 6 of 6")
    await olga.fills(answer=ANSWERS[5])
    olga.sees("Almost there", "✗ Offer", "[Open an offer]")
    await olga.taps("Open an offer")
    await olga.taps("Coaching")
    await olga.taps("Open for booking")
    olga.sees("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET")


async def test_others_coach_here(chat: BareChat, empty: Storage) -> None:
    """The owner's questions then are the practice's only; hours and places are the coaches' own."""
    move_into(chat, empty, payments_on=False)
    olga, ana = Somebody(chat, OWNER), Somebody(chat, ANA)
    await ana.goes("start")
    await olga.goes("setup")
    for answer in (*ANSWERS[:3], "others"):
        await olga.fills(answer=answer)
    olga.sees("Coaches", "[Invite a coach]", "[I coach, too]")
    await olga.taps("Invite a coach")
    await olga.taps("Pick somebody")
    await olga.taps("Ana María")
    olga.sees("For Ana María")
    await olga.goes("setup")
    olga.sees("Setup 5 of 6")
    await olga.fills(answer=ANSWERS[4])
    olga.sees("Almost there")

    await ana.goes("invited/1")
    await ana.taps("Accept")
    for answer in ("Madrid", "mon-fri 9-12", "+34 600 123456"):
        await ana.fills(answer=answer)
    ana.sees("Takes bookings", "clients call +34 600 123456")
    await olga.goes("setup")
    olga.sees("Olga's practice is open")


async def test_setup_is_the_owners_alone(chat: BareChat) -> None:
    iva = Somebody(chat, IVA)
    for address in ("setup", "setup/name", "setup/practice", "offers", "team", "share", "workspaces", "audit"):
        await iva.goes(address)
        iva.sees("This is no longer here")


async def test_while_steps_are_open_the_page_leads_to_all_that_stands_nowhere_else(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("setup")
    olga.sees("✗ Human contact", "✗ About me", "[Human contact]", "[Offers] [Packages]", "[Practice] [Coaches]")
    assert len(olga.buttons) == 8


async def test_the_human_contact_is_shown_under_help_and_removed(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("setup")
    olga.sees("✗ Human contact: clients find none under Help")
    await olga.taps("Human contact")
    await olga.fills(answer="desk@example.test")
    olga.sees("desk@example.test", "Saved.")
    await olga.goes("setup")
    assert "Human contact" not in olga.text
    await olga.goes("setup/contact/form")
    await olga.fills(answer="")
    olga.sees("Human contact: none")


async def test_an_answer_is_changed_later_without_being_setup(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("setup/practice")
    await olga.taps("Name")
    assert "Setup" not in olga.text
    await olga.fills(answer="Olga & daughters")
    olga.sees("Saved.", "The practice", "Olga & daughters", "Currency: EUR")


async def test_another_currency_pauses_priced_offers_and_says_so(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("setup/practice")
    await olga.taps("Currency")
    await olga.fills(answer="USD")
    olga.sees("One offer has a price in the new currency now and is paused", "$45.00: paused", "free: open")
    await olga.goes("setup/practice")
    await olga.taps("Currency")
    await olga.fills(answer="USD")
    olga.sees("Saved.", "Currency: USD")
