"""Screens as blocks: within every limit of Slack's, and showing exactly the words that were meant."""

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.channels.slack import modal, render
from bot.channels.slack.modal import Origin
from bot.channels.slack.text import as_typed, mrkdwn
from bot.chat.links import JOINER
from bot.chat.screen import Button, Choice, Field, FieldKind, Form, Line, Link, Screen, Style, Tone
from bot.handlers.conversation import commands
from bot.sandbox.slack.blocks.block_kit import check_blocks, check_view, too_large
from tests.architecture.source import ROOT
from tests.support.specs import described

Json = dict[str, Any]
HOSTILE = [
    "$1,000.50", "<b>", "<!channel>", "a & b", "*bold*", "_it_ ~x~ `c`", "> quote", "<@U1|me>", "\n\n", "x" * 9000,
    "&" * 4000, "<https://evil.org|bank.org>", "@channel #general", "  ", "🙂" * 200, "|",
]  # fmt: skip
TEXT = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60))
LINES = st.builds(Line, TEXT, st.sampled_from(list(Tone)))
BUTTONS = st.one_of(
    st.builds(Button, TEXT, st.just("book/1/2026-12-01"), st.sampled_from(list(Style)), st.one_of(st.none(), TEXT)),
    st.builds(Link, TEXT, st.just("https://example.org/pay?a=1&b=2")),
)
FIELDS = st.builds(
    Field,
    st.uuids().map(lambda each: f"f{each.hex[:8]}"),
    st.text(min_size=1, max_size=3000),
    st.sampled_from(list(FieldKind)),
    hint=st.one_of(st.none(), TEXT.filter(bool)),
    choices=st.integers(0, 300).map(lambda n: tuple(Choice(f"v{i}", f"Choice {i}") for i in range(n))),
    default=st.one_of(st.none(), st.sampled_from(["", "v3", "12.5", "2026-12-01", "word", "x" * 5000])),
    optional=st.booleans(),
    max_length=st.integers(1, 9000),
)
FORMS = st.builds(Form, st.just("form/tag"), st.lists(FIELDS, min_size=1, max_size=4).map(tuple), TEXT)
SCREENS = st.builds(
    Screen,
    TEXT,
    st.lists(LINES, max_size=70).map(tuple),
    st.lists(st.lists(BUTTONS, max_size=30).map(tuple), max_size=40).map(tuple),
    note=st.one_of(st.none(), TEXT),
)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def shown(blocks: list[Json]) -> str:
    """What a person reads: markup undone."""
    texts: list[str] = []
    for block in blocks:
        if block["type"] in ("section", "header"):
            texts.append(read(block["text"]))
        elif block["type"] == "context":
            texts += [read(element) for element in block["elements"]]
    return "\n".join(texts)


def read(text: Json) -> str:
    return str(text["text"]) if text["type"] == "plain_text" else as_typed(text["text"])


@FEW
@given(SCREENS)
def test_any_message_is_within_the_limits(screen: Screen) -> None:
    for notice in (False, True):
        blocks = render.message(screen, notice=notice)
        assert check_blocks(blocks, "message") == []
        for block in blocks:
            parsed = Block.parse(block)
            assert parsed is not None
            parsed.validate_json()
    assert len(render.fallback(screen)) <= 4000
    assert check_view(render.home(screen), "home") == []


@FEW
@given(SCREENS, FORMS)
def test_any_form_is_a_modal_within_the_limits(screen: Screen, form: Form) -> None:
    filled = replace(screen, form=form, address="form")
    for each in (filled, screen):
        view = modal.modal(each, Origin(window="home"))
        assert check_view(view, "modal") == []
        assert not too_large(view)
        View(**view).validate_json()


@pytest.mark.parametrize("words", [w for w in HOSTILE if w.strip() and len(w) < 200])
@pytest.mark.parametrize("tone", list(Tone))
def test_words_are_shown_as_they_are(words: str, tone: Tone) -> None:
    screen = Screen(words, (Line(words, tone),), note=words)
    drawn = shown(render.message(screen)).replace(JOINER, "")
    assert drawn.replace(f"*{words}*", words).splitlines() == [words] * 3
    for block in render.message(screen):
        for text in [block["text"]] if "text" in block else block["elements"]:
            if text["type"] == "mrkdwn":
                assert "<!" not in text["text"]
                assert "<@" not in text["text"]
                assert text["verbatim"]
    assert "<!" not in render.fallback(screen)


def test_web_addresses_are_links_and_nothing_else_is() -> None:
    assert mrkdwn("at https://zoom.us/j/1?a=1&b=_2_.") == "at <https://zoom.us/j/1?a=1&amp;b=_2_>."
    assert mrkdwn("http:// is none, javascript:x neither") == "http:// is none, javascript:x neither"
    assert mrkdwn("<https://evil.org|bank.org>") == "&lt;<https://evil.org>|bank.org&gt;"


def test_tones_and_order() -> None:
    screen = Screen("Title", (Line("fact", Tone.STRONG), Line("then"), Line("by the way", Tone.QUIET)), note="Saved.")
    blocks = render.message(screen)
    assert [block["type"] for block in blocks] == ["section", "header", "section", "context"]
    assert blocks[2]["text"]["text"] == "*fact*\nthen"
    assert render.fallback(screen) == "Saved.\nTitle\nfact\nthen\nby the way"


def test_all_times_of_a_day_can_be_reached() -> None:
    times = tuple((Button(f"{n}:00", f"t/{n}"), Button(f"{n}:30", f"t/{n}5")) for n in range(48))
    last = (Button("Back", "days"),)
    blocks = render.message(Screen("Times", (), (*times, last)))
    values = [element["value"] for block in blocks for element in block.get("elements", [])]
    assert values == [button.to for row in (*times, last) for button in row]
    assert [element["value"] for element in blocks[-1]["elements"]] == ["days"]


def test_a_button_says_what_it_does_out_of_context() -> None:
    [block] = render.action_blocks(((Button("15:00", "a", Style.PRIMARY, "Book 15:00 " + "x" * 90),),))
    [element] = block["elements"]
    assert len(element["accessibility_label"]) <= 75
    assert element["accessibility_label"].startswith("Book 15:00")
    assert element["style"] == "primary"


def test_a_title_that_is_too_long_is_said_in_full_below_what_kind_of_step_it_is() -> None:
    title = "When do you usually work on a weekday?"
    form = Form("to", (Field("line", "Hours"),), "Save these hours of the week", "hours")
    view = modal.modal(Screen(title, (), ((Button("Back", "hours"), Button("Help", "help")),), form), Origin())
    assert view["title"]["text"] == "One question"
    assert view["blocks"][0]["text"]["text"] == title
    assert [element["value"] for element in view["blocks"][-1]["elements"]] == ["help"]


def test_who_has_only_to_choose_is_not_asked_to_confirm() -> None:
    title = "What would you like to book now?"
    for style, told in ((Style.PLAIN, "Please choose"), (Style.SUCCESS, "Please confirm")):
        screen = Screen(title, (), ((Button("Coaching", "offer/1", style),),), leave="Nothing is booked.")
        assert modal.modal(screen, Origin())["title"]["text"] == told


def test_answers_come_back_by_field_whatever_their_kind() -> None:
    fields = (
        Field("a", "A", default="first"),
        Field("b", "B", FieldKind.CHOICE, choices=(Choice("1", "One"), Choice("2", "Two")), default="2"),
        Field("c", "C", FieldKind.CHOICE, choices=tuple(Choice(str(n), f"No. {n}") for n in range(40))),
        Field("d", "D", FieldKind.DAY, default="2026-12-01"),
        Field("e", "E", FieldKind.LONG, default="45,50"),
    )
    view = modal.modal(Screen("Form", form=Form("to", fields, "Save")), Origin())
    kinds = [block["element"]["type"] for block in view["blocks"]]
    assert kinds == ["plain_text_input", "radio_buttons", "static_select", "datepicker", "plain_text_input"]
    assert view["blocks"][1]["element"]["initial_option"]["value"] == "2"
    ids = [block["block_id"] for block in view["blocks"]]
    states: list[Json] = [
        {"value": "typed\x00"}, {"selected_option": {"value": "1"}}, {"selected_option": None},
        {"selected_date": "2026-12-02"}, {"value": None},
    ]  # fmt: skip
    values = {block_id: {"answer": state} for block_id, state in zip(ids, states, strict=True)}
    filled = {**view, "state": {"values": values}}
    assert modal.answers(filled) == {"a": "typed", "b": "1", "c": "", "d": "2026-12-02", "e": ""}
    assert modal.errors_by_block(filled, {"e": "Too much.", "x": "Somewhere else."}) == {
        ids[4]: "Too much.",
        ids[0]: "Somewhere else.",
    }


def test_a_view_that_is_not_ours_carries_nothing() -> None:
    assert [Origin.from_text(text) for text in ("", "}{", "[]", "3")] == [Origin()] * 4


def test_the_manifest_names_every_command_and_event() -> None:
    manifest = yaml.safe_load((ROOT / "docs" / "slack-manifest.yaml").read_text())
    named = {each["command"] for each in manifest["features"]["slash_commands"]}
    assert named == {command for command, _words in commands.menu(["client", "coach", "owner"])} | {"/rapport"}
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == {
        "app_home_opened", "message.im", "app_uninstalled", "tokens_revoked", "user_change",
    }  # fmt: skip


def test_the_manifest_is_valid() -> None:
    schema = json.loads(described("slack/manifest-schema-2.0.0.json").read_text())
    jsonschema.validate(yaml.safe_load((ROOT / "docs" / "slack-manifest.yaml").read_text()), schema)


def test_answers_that_can_be_chosen_or_typed_are_named_where_only_typing_is_possible() -> None:
    usual = (Choice("I am ill", "I am ill"), Choice("Something came up", "Something came up"), Choice("7", "A number"))
    asked = Field("reason", "Why do you cancel?", choices=usual)
    form = Form("coach-cancel/7/reason/aaaaaaaa", (asked,), "Go on")
    drawn = modal.modal(Screen("Cancel a session", form=form), Origin())
    [element] = [block["element"] for block in drawn["blocks"] if block["type"] == "input"]
    assert element["placeholder"]["text"] == "For example: I am ill / Something came up"
