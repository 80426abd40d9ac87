"""A day and a time are chosen in one modal, and what it shows last is the answer to what was chosen last."""

import asyncio
from datetime import date

import pytest

from bot.chat.screen import Button, Choice, Choices, Line, Picker, Screen, Style, Tone
from bot.sandbox.slack.blocks import block_kit
from tests.channels.slack.slack_setup import SCREENS, Json, SlackSetup, restarted
from tests.channels.slack.test_slack_windows import buttons, home, modal, words

DAYS = ("2026-12-01", "2026-12-02", "2026-12-03")
TERMS = Line("50 minutes · €45.00", Tone.TERMS)
ZONE = (Button("Change zone", "zone"),)


def pick(day: str, *times: Choices) -> Screen:
    """A page of one day's times; its buttons are the grid."""
    grid = tuple((Button(each.label, each.value),) for group in times for each in group.choices)
    picker = Picker("pick", "Kyiv", "Continue", date.fromisoformat(day), times, rest=(ZONE,))
    return Screen(f"Coaching: {day}", (TERMS,), (*grid, ZONE), picker=picker, leave="start")


def times_of(day: str) -> tuple[Choices, ...]:
    morning = (Choice(f"review/{day}", f"09:{day[-2:]}"), Choice(f"early/{day}", "10:00"))
    return Choices("Morning", morning), Choices("Evening", (Choice(f"late/{day}", "18:00"),))


@pytest.fixture(autouse=True)
def _pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for day in DAYS[:2]:
        monkeypatch.setitem(SCREENS, f"pick/{day}", pick(day, *times_of(day)))
        review = (
            (Button("Book it", "hold/tag", Style.SUCCESS),),
            (Button("Back", f"pick/{day}"), Button("Cancel", "start")),
        )
        monkeypatch.setitem(SCREENS, f"review/{day}", Screen("Coaching", (Line(day), TERMS), review, leave="start"))
    monkeypatch.setitem(SCREENS, f"pick/{DAYS[2]}", pick(DAYS[2]))
    monkeypatch.setitem(
        SCREENS, "book", Screen("With whom?", (), ((Button("Ana", f"pick/{DAYS[0]}"),),), leave="start")
    )
    monkeypatch.setitem(SCREENS, "hold/tag", Screen("Held: Coaching"))


async def opened(slack: SlackSetup) -> Json:
    await slack.act("say", text="hello")
    await slack.press("Book")
    await slack.act("click", view="top", text="Ana")
    return await shown(slack)


async def shown(slack: SlackSetup) -> Json:
    view = await modal(slack)
    assert view is not None
    return view


def kinds(view: Json) -> list[str]:
    return [block["type"] for block in view["blocks"]]


def day_of(view: Json) -> str:
    """The day that the date picker shows; every part of the view is of that day."""
    [picker] = [block for block in view["blocks"] if block.get("accessory", {}).get("type") == "datepicker"]
    day = str(picker["accessory"]["initial_date"])
    assert all(block["block_id"].endswith(day) for block in view["blocks"] if block["type"] == "input")
    assert day in view["title"]["text"]
    return day


async def chooses(slack: SlackSetup, day: str) -> None:
    await slack.act("click", view="top", action_id="on|pick", value=day)


async def test_from_book_to_the_review_in_one_modal(slack: SlackSetup) -> None:
    view = await opened(slack)
    assert kinds(view) == ["section", "input", "alert", "actions"]
    assert (view["submit"]["text"], buttons(view)) == ("Continue", ["Change zone"])
    assert view["blocks"][2]["text"]["text"] == TERMS.text
    groups = view["blocks"][1]["element"]["option_groups"]
    assert [group["label"]["text"] for group in groups] == ["Morning", "Evening"]
    await chooses(slack, DAYS[1])
    chosen = await shown(slack)
    assert (chosen["id"], day_of(chosen)) == (view["id"], DAYS[1])
    told = await slack.act("submit", fields={"Time (Kyiv)": "09:02"})
    review = await shown(slack)
    assert (told["response_action"], review["title"]["text"], review["submit"]["text"]) == (
        "update",
        "Coaching",
        "Book it",
    )
    assert (buttons(review), kinds(review)) == (["Back"], ["section", "alert", "actions"])
    booked = await slack.act("submit")
    assert (booked["response_action"], await modal(slack)) == ("clear", None)
    assert [each.address for each in slack.front.heard[1:]] == [
        "book", "pick/2026-12-01", "pick/2026-12-02", "review/2026-12-02", "hold/tag",
    ]  # fmt: skip
    message = await slack.last()
    assert "Held: Coaching" in words(message)
    assert message["ts"] in slack.front.living.values()


async def test_a_day_without_times_asks_for_another_one(slack: SlackSetup) -> None:
    await opened(slack)
    await chooses(slack, DAYS[2])
    view = await shown(slack)
    assert (kinds(view), view["submit"]) == (["section", "alert", "actions"], None)
    await chooses(slack, DAYS[0])
    assert day_of(await shown(slack)) == DAYS[0]


async def test_a_time_that_was_chosen_for_one_day_is_not_sent_for_another(slack: SlackSetup) -> None:
    view = await opened(slack)
    [field] = [block for block in view["blocks"] if block["type"] == "input"]
    await slack.act("click", view="top", block_id=field["block_id"], value=f"review/{DAYS[0]}")
    await chooses(slack, DAYS[1])
    refused = await slack.act("submit")
    assert refused["error"] == "client_validation"


async def test_the_answer_to_an_earlier_choice_never_covers_the_one_to_a_later(slack: SlackSetup) -> None:
    await opened(slack)
    await chooses(slack, DAYS[2])
    slack.front.slow = 1.0
    first = asyncio.create_task(chooses(slack, DAYS[0]))
    await asyncio.wait_for(slack.front.taking.wait(), 30)
    slack.front.slow = 0.0
    await chooses(slack, DAYS[1])
    await first
    assert [each.address for each in slack.front.heard[-2:]] == [f"pick/{DAYS[1]}", f"pick/{DAYS[0]}"]
    assert day_of(await shown(slack)) == DAYS[1]


async def test_both_choices_of_one_moment_are_answered_in_their_order(slack: SlackSetup) -> None:
    """The second was made before the first was shown, so both came from the same state of the view."""
    await opened(slack)
    slack.there.standin.faults.add("views.update", "slow", seconds=0.5)
    slack.front.slow = 0.05
    first = asyncio.create_task(slack.there.act("click", view="top", action_id="on|pick", value=DAYS[2]))
    await asyncio.wait_for(slack.front.taking.wait(), 30)
    await asyncio.sleep(0.2)
    await slack.there.act("click", view="top", action_id="on|pick", value=DAYS[1])
    await first
    await slack.channel.settled()
    assert day_of(await shown(slack)) == DAYS[1]


async def test_another_process_does_not_cover_it_either(slack: SlackSetup) -> None:
    await opened(slack)
    slack.front.slow = 1.0
    first = asyncio.create_task(chooses(slack, DAYS[2]))
    await asyncio.wait_for(slack.front.taking.wait(), 30)
    slack.front.slow = 0.0
    beside = restarted(slack)
    await chooses(beside, DAYS[1])
    await first
    assert day_of(await shown(slack)) == DAYS[1]


async def test_two_people_at_once_see_their_own_answers(slack: SlackSetup) -> None:
    made = await slack.there.control("users", {"team": slack.there.team, "name": "noa"})
    both, chosen = [slack.there.user, str(made["user"])], {slack.there.user: DAYS[0], str(made["user"]): DAYS[1]}
    for user in both:
        await slack.act("say", text="hello", user=user)
        await slack.act("click", user=user, text="Book")
        await slack.act("click", user=user, view="top", text="Ana")
    act = slack.there.act
    await asyncio.gather(*(act("click", user=u, view="top", action_id="on|pick", value=chosen[u]) for u in both))
    await asyncio.gather(*(act("submit", user=u, fields={"Time (Kyiv)": f"09:{chosen[u][-2:]}"}) for u in both))
    await slack.channel.settled()
    for user in both:
        [view] = (await slack.there.state(user))["modals"]
        assert chosen[user] in words(view)


async def test_a_workspace_that_draws_no_alerts_reads_the_same_words(
    slack: SlackSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(block_kit._BLOCK_ON, "modal", block_kit._BLOCK_ON["home"])
    view = await opened(slack)
    assert kinds(view) == ["section", "input", "context", "actions"]
    assert TERMS.text in words(view)
    await chooses(slack, DAYS[1])
    assert day_of(await shown(slack)) == DAYS[1]


async def test_where_no_modal_opens_the_grid_stands_in_the_chat(slack: SlackSetup) -> None:
    await slack.act("say", text="hello")
    slack.there.standin.faults.add("views.open", "status", status=500)
    await slack.press("Book")
    assert buttons(await slack.last()) == ["Ana"]
    slack.there.standin.faults.add("views.open", "status", status=500)
    await slack.press("Ana")
    assert buttons(await slack.last()) == ["09:01", "10:00", "18:00", "Change zone"]


async def test_what_was_begun_on_home_ends_there(slack: SlackSetup) -> None:
    await slack.act("open_home")
    await slack.act("click", home=True, text="Book")
    await slack.act("click", view="top", text="Ana")
    await slack.act("submit", fields={"Time (Kyiv)": "09:01"})
    await slack.act("submit")
    assert "Held: Coaching" in words(await home(slack))
    assert await slack.direct() == []
