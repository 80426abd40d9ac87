"""Buttons of things with names: each is told apart from the others, however long or alike names are."""

from dataclasses import dataclass

from bot.chat.screen import Button
from bot.handlers.kit import offer_buttons


@dataclass(frozen=True)
class Thing:
    id: int
    name: str


def buttons(*names: str) -> list[Button]:
    things = [Thing(number, name) for number, name in enumerate(names, start=1)]
    rows = offer_buttons.by_name(things, lambda thing: f"thing/{thing.id}", lambda _thing, name: f"Give {name}")
    return [button for row in rows for button in row if isinstance(button, Button)]


def test_names_that_fit_stand_as_they_are() -> None:
    assert [each.text for each in buttons("Five", "Ten")] == ["Give Five", "Give Ten"]


def test_two_of_one_name_are_numbered() -> None:
    assert [(each.text, each.to) for each in buttons("Five", "Five")] == [
        ("1 · Give Five", "thing/1"), ("2 · Give Five", "thing/2"),
    ]  # fmt: skip


def test_a_long_name_is_cut_where_one_sees_it_and_said_in_full() -> None:
    [only] = buttons("Zwanzig Stunden Führungskräftebegleitung")
    assert only.text == "1 · Give Zwanzig Stunden…"
    assert only.label == "1 · Give Zwanzig Stunden Führungskräftebegleitung"
