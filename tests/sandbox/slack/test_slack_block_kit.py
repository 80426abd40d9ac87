"""The Block Kit rules: what slack_sdk's own models make is accepted, what Slack refuses is refused."""

import copy
from typing import Any

import pytest
from slack_sdk.models import blocks as kit
from slack_sdk.models.blocks.basic_components import ConfirmObject, Option, OptionGroup
from slack_sdk.models.views import View

from bot.sandbox.slack.blocks.block_kit import accepted, check_blocks, check_view, too_large

Json = dict[str, Any]
OPTIONS = [Option(text=f"Option {n}", value=str(n)) for n in range(3)]


def everything() -> list[Json]:
    """One of each block and element, as slack_sdk writes them."""
    confirm = ConfirmObject(title="Sure?", text="It costs.", confirm="Cancel it", deny="Keep it", style="danger")
    made = [
        kit.HeaderBlock(text="Your sessions"),
        kit.SectionBlock(text="*Tue* 15:00", accessory=kit.ImageElement(image_url="https://a.example", alt_text="a")),
        kit.SectionBlock(fields=["one", "two"], accessory=kit.OverflowMenuElement(action_id="o", options=OPTIONS)),
        kit.DividerBlock(),
        kit.ContextBlock(elements=[kit.MarkdownTextObject(text="small"), kit.PlainTextObject(text="print")]),
        kit.ActionsBlock(
            elements=[
                kit.ButtonElement(text="Book", action_id="1", value="book", style="primary"),
                kit.ButtonElement(text="Cancel", action_id="2", value="x", confirm=confirm),
                kit.ButtonElement(text="Pay", action_id="3", url="https://a.example/pay"),
                kit.StaticSelectElement(action_id="4", placeholder="Pick", options=OPTIONS, initial_option=OPTIONS[1]),
                kit.DatePickerElement(action_id="5", initial_date="2026-12-01", placeholder="Day"),
                kit.TimePickerElement(action_id="6", initial_time="09:30"),
                kit.UserSelectElement(action_id="7", placeholder="Who"),
                kit.RadioButtonsElement(action_id="8", options=OPTIONS),
                kit.CheckboxesElement(action_id="9", options=OPTIONS, initial_options=OPTIONS[:2]),
            ]
        ),
        kit.ImageBlock(image_url="https://a.example/x.png", alt_text="the week", title="Week"),
        kit.InputBlock(
            label="Note",
            element=kit.PlainTextInputElement(action_id="n", multiline=True, max_length=500),
            optional=True,
            hint="A line",
        ),
        kit.InputBlock(label="How many", element=kit.NumberInputElement(is_decimal_allowed=False, min_value="1")),
        kit.InputBlock(label="Mail", element=kit.EmailInputElement()),
        kit.InputBlock(label="Link", element=kit.UrlInputElement(), dispatch_action=True),
        kit.InputBlock(
            label="Days",
            element=kit.StaticMultiSelectElement(
                placeholder="Days", option_groups=[OptionGroup(label="All", options=OPTIONS)], max_selected_items=2
            ),
        ),
        kit.RichTextBlock(elements=[kit.RichTextSectionElement(elements=[kit.RichTextElementParts.Text(text="x")])]),
    ]
    return [block.to_dict() for block in made]


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
def test_what_slacks_own_models_write_is_accepted(surface: Any) -> None:
    assert check_blocks(everything(), surface) == []


def test_a_view_of_slacks_own_models_is_accepted() -> None:
    view = View(
        type="modal",
        title="Book",
        submit="Save",
        close="Back",
        private_metadata="x" * 3000,
        callback_id="c",
        blocks=[kit.DividerBlock()],
    )
    body = view.to_dict() | {"blocks": everything(), "clear_on_close": True, "notify_on_close": True}
    assert check_view(body, "modal") == []
    assert check_view({"type": "home", "blocks": everything()}, "home") == []


def test_ids_and_flags_are_filled_in_and_the_given_blocks_left_alone() -> None:
    given = everything()
    before = copy.deepcopy(given)
    names = iter(range(1000))
    kept = accepted(given, lambda: f"id{next(names)}")
    assert given == before
    assert all(block["block_id"] for block in kept)
    assert kept[0]["text"]["emoji"] is True
    assert kept[1]["text"]["verbatim"] is False
    assert kept[8]["element"]["action_id"]


def modal(**changes: Any) -> Json:
    body: Json = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Book"},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": [
            {
                "type": "input",
                "label": {"type": "plain_text", "text": "Name"},
                "element": {"type": "plain_text_input"},
            }
        ],
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"title": {"type": "plain_text", "text": "x" * 25}}, "must be less than 25 characters"),
        ({"title": None}, "missing required field: title"),
        ({"title": {"type": "mrkdwn", "text": "x"}}, "unsupported type: mrkdwn"),
        ({"submit": None}, "missing required field: submit"),
        ({"submit": {"type": "plain_text", "text": "x" * 25}}, "must be less than 25 characters"),
        ({"private_metadata": "x" * 3001}, "must be less than 3001 characters"),
        ({"callback_id": "x" * 256}, "must be less than 256 characters"),
        ({"blocks": []}, "no less than 1 items allowed"),
        ({"blocks": [{"type": "divider"}] * 101}, "no more than 100 items allowed"),
        ({"blocks": None}, "missing required field: blocks"),
        ({"type": "home"}, "unsupported type: home"),
        ({"colour": "red"}, "invalid additional property: colour"),
    ],
)
def test_views_that_slack_would_refuse_are_refused(changes: Json, complaint: str) -> None:
    [found] = check_view(modal(**changes), "modal")
    assert complaint in found
    assert "json-pointer:/view" in found


@pytest.mark.parametrize(
    ("element", "complaint"),
    [
        ({"type": "plain_text_input", "max_length": 3001}, "must be between 1 and 3000"),
        ({"type": "plain_text_input", "min_length": 5, "max_length": 2}, "must not be greater"),
        ({"type": "number_input"}, "missing required field: is_decimal_allowed"),
        ({"type": "datepicker", "initial_date": "1.12.2026"}, "must be a date"),
        ({"type": "timepicker", "initial_time": "9:30"}, "must be a time"),
        ({"type": "button", "text": {"type": "plain_text", "text": "x"}}, "unsupported type: button"),
        ({"type": "static_select"}, "exactly one of options"),
        ({"type": "radio_buttons", "options": [OPTIONS[0].to_dict()] * 11}, "no more than 10"),
        ({"type": "checkboxes", "options": [OPTIONS[0].to_dict()] * 2}, "option values must be unique"),
        (
            {
                "type": "static_select",
                "options": [OPTIONS[0].to_dict()],
                "initial_option": OPTIONS[1].to_dict(),
            },
            "initial option must exactly match",
        ),
        (
            {
                "type": "static_select",
                "options": [{"text": {"type": "plain_text", "text": "x"}, "value": "v" * 151}],
            },
            "must be less than 151 characters",
        ),
    ],
)
def test_inputs_that_slack_would_refuse_are_refused(element: Json, complaint: str) -> None:
    block = {"type": "input", "label": {"type": "plain_text", "text": "x"}, "element": element}
    found = check_view(modal(blocks=[block]), "modal")
    assert any(complaint in one for one in found), found


def test_a_view_above_250_kilobytes_is_too_large() -> None:
    words = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
    assert too_large(modal(blocks=[words] * 90))
    assert not too_large(modal())
