"""Finds the element that a person points at in a message, a modal or Home."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.slack.blocks.block_elements import options_of
from bot.sandbox.slack.blocks.block_kit import elements_of
from bot.sandbox.slack.errors import CannotAct
from bot.sandbox.slack.workspace import Channel, Json, Message, Team, View

WITH_OPTIONS = ("overflow", "static_select", "radio_buttons")


@dataclass(frozen=True)
class Place:
    """Where the person acts: a message in its channel, or a view."""

    blocks: list[Json]
    channel: Channel | None = None
    message: Message | None = None
    view: View | None = None


@dataclass(frozen=True)
class Target:
    """`option` is set when the person pointed at an option by its words."""

    block: Json
    element: Json
    option: str | None = None


def place_of(team: Team, user: str, act: Json) -> Place:
    """`view` (an id, or "top" for the open modal), `home` true, or `ts` with `channel` (the DM if left out).

    Without any of them: the newest message with blocks in the direct message.
    """
    if act.get("home"):
        home = team.homes.get(user)
        if home is None:
            raise CannotAct("there is no Home to act on")
        return Place(home.body["blocks"], view=home)
    if act.get("view"):
        return _modal(team, user, act["view"])
    channel = team.channels.get(act["channel"]) if act.get("channel") else team.direct(user)
    if channel is None or user not in channel.members:
        raise CannotAct("no such channel for this person")
    visible = [one for one in channel.messages if one.only_for in (None, user) and one.blocks]
    chosen = [one for one in visible if one.ts == act["ts"]] if act.get("ts") else visible[-1:]
    if not chosen:
        raise CannotAct("no such message for this person")
    return Place(chosen[0].blocks, channel, chosen[0])


def _modal(team: Team, user: str, wanted: str) -> Place:
    """Only the modal on top can be reached; those below are covered."""
    stack = team.stack(user)
    if not stack or wanted not in ("top", stack[-1].id):
        raise CannotAct("that view is not on top")
    return Place(stack[-1].body["blocks"], view=stack[-1])


def target_of(blocks: list[Json], act: Json) -> Target:
    """By `block_id`, `action_id` and visible `text`, whichever are given; must fit exactly one element."""
    fitting = [target for target in _all_targets(blocks, act.get("text")) if _fits(target, act)]
    if not fitting:
        raise CannotAct(f"nothing to click fits; there is: {', '.join(labels(blocks)) or 'nothing'}")
    if len(fitting) > 1:
        raise CannotAct("more than one element fits; add block_id or action_id")
    return fitting[0]


def labels(blocks: list[Json]) -> list[str]:
    """The words of everything that can be clicked, in order."""
    elements = [element for block in blocks for element in elements_of(block)]
    return [words for element in elements for words in [*_own_words(element), *_offers(element)]]


def _all_targets(blocks: list[Json], words: str | None) -> Iterator[Target]:
    for block in blocks:
        for element in elements_of(block):
            if words is None or words in _own_words(element):
                yield Target(block, element)
            elif words in _offers(element):
                yield Target(block, element, words)


def _fits(target: Target, act: Json) -> bool:
    block, action = act.get("block_id"), act.get("action_id")
    return block in (None, target.block["block_id"]) and action in (None, target.element["action_id"])


def _own_words(element: Json) -> list[str]:
    named = [element.get("text"), element.get("placeholder")]
    return [words["text"] for words in named if words]


def _offers(element: Json) -> list[str]:
    if element["type"] not in WITH_OPTIONS:
        return []
    return [option["text"]["text"] for option in options_of(element)]
