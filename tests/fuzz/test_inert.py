"""Names, places and notes that look like markup, commands or code are words on every screen of both platforms."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.channels.slack import modal, render
from bot.channels.slack.modal import Origin
from bot.channels.slack.text import as_typed
from bot.channels.telegram.render import draw
from bot.chat.clean import clean
from bot.chat.forms import read_field
from bot.chat.links import harmless
from bot.chat.moments import segments
from bot.chat.screen import Choice, Field, FieldKind, Screen
from bot.chat.words import _, ngettext
from bot.domain.people.people import Profile
from bot.sandbox.slack.blocks.block_kit import check_blocks, check_view
from bot.sandbox.telegram.texts import parsed_text
from bot.services.practice.workspaces import Installation
from storage import tables
from storage.engine import Tx
from storage.schema.people import NAME
from tests.fuzz.shots import STAFF, Shot
from tests.fuzz.story import NEW_TELEGRAM
from tests.fuzz.world import World
from tests.handlers.bare_chat import BareChat, as_text
from tests.handlers.conversation.crowded import IVA, THEO, crowded
from tests.handlers.conversation.test_addresses import reached
from tests.promises.posting import encoded, event, update
from tests.services.bare_practice import OWNER

Json = dict[str, Any]
NAMES = ("<!channel></b>'; --", "*b* {0} %s &lt;<@U1>", "שרה 2 </b> סארה & 3", "evil.com/x @anybody")
"""As long as the names of people and offers for which the screens have room."""

DATE = re.compile(r"<!date\^\d+\^[^|<>^]*\|([^<>]*)>")
OWN = ("https://example.test/", "https://t.me/", "http://127.0.0.1:1/")
MARKS = "\u202e\u2066\u2069\u200f\u200e\u061c"
WORDS = {
    "practice": ("name", "contact_sealed"), "persons": ("name_sealed",), "workspaces": ("name_sealed",),
    "coaches": ("place_sealed",), "offers": ("place_sealed",),
    "bookings": ("offer_name", "place_sealed", "end_reason_sealed"),
}  # fmt: skip
"""Every column that holds what somebody wrote."""


def renamed(tx: Tx, words: str) -> None:
    for name, columns in WORDS.items():
        table = tables.metadata.tables[name]
        values = {column: words for column in columns if not column.endswith("_sealed")}
        if "place_sealed" in columns:
            values["place_kind"] = "address"
        if values:
            tx.execute(sa.update(table).values(**values))
        for column in set(columns) - set(values):
            sealed(tx, table, column, words)
    numbered = sa.literal(words) + sa.cast(tables.offers.c.id, sa.Text)  # no two offers have the same name
    tx.execute(sa.update(tables.offers).values(name=numbered))
    note = json.dumps({"text": words, "late_min": None})
    sealed(tx, tables.messages, "text_sealed", note)


def sealed(tx: Tx, table: sa.Table, column: str, words: str) -> None:
    """Put the words into this column of every row."""
    (key,) = table.primary_key.columns
    for row in tx.execute(sa.select(key)).scalars().all():
        value = tx.sealer.seal(words, f"{table.name}.{column}", row)
        tx.execute(sa.update(table).where(key == row).values({column: value}))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("who", [IVA, THEO, OWNER], ids=["slack", "telegram", "owner"])
async def test_a_name_stays_a_name_on_every_screen(chat: BareChat, who: Profile, name: str) -> None:
    seeds = await crowded(chat)
    await chat.practice.workspaces.installed(Installation("T0BBB", "Harbour", "xoxb-harbour"), chat.practice.now())
    await chat.practice.storage.write(lambda tx: renamed(tx, name))
    # As the platform would say it, so that the name is not followed back.
    shown = [screen for each in (await reached(chat, replace(who, name=name), seeds)).values() for screen in each]
    assert sum(name in as_text(screen) for screen in shown) > 10
    for screen in shown:
        on_telegram(screen)
        on_slack(screen)


def on_telegram(screen: Screen) -> None:
    shown = parsed_text({"text": draw(screen).html, "parse_mode": "HTML"})
    text, entities = shown.text, shown.entities
    assert {each["type"] for each in entities} <= {"bold", "italic", "date_time", "url", "bot_command"}, text
    links = {utf16(text, each["offset"], each["length"]) for each in entities if each["type"] == "url"}
    assert all(link.startswith(OWN) for link in links), "only our own links"
    dates = [each for each in entities if each["type"] == "date_time"]
    assert {utf16(text, each["offset"], each["length"]) for each in dates} <= moments(screen), "only our own dates"
    for words in said(screen):
        assert words.strip() in text, (words, text)


def on_slack(screen: Screen) -> None:
    message, home = render.message(screen), render.home(screen)
    view = modal.modal(screen, Origin())
    assert check_blocks(message, "message") == []
    assert check_view(home, "home") == []
    assert check_view(view, "modal") == []
    for text in texts([message, home, view]):
        if text["type"] == "mrkdwn":
            assert text["verbatim"]
            assert {unescape(words) for words in DATE.findall(text["text"])} <= moments(screen), "only our own dates"
            assert not any(mark in DATE.sub(r"\1", text["text"]) for mark in ("<!", "<@", "<#"))
    read = "\n".join(
        as_typed(DATE.sub(r"\1", text["text"])) if text["type"] == "mrkdwn" else clean(text["text"])
        for text in texts(message)
    )
    for words in map(clean, said(screen)):
        assert words.strip() in read.replace(f"*{words.strip()}*", words), (words, read)
    assert not any(mark in DATE.sub(r"\1", render.fallback(screen)) for mark in ("<!", "<@", "<#"))


def moments(screen: Screen) -> set[str]:
    """The words that stand for a moment, which a platform draws by the reader's clock."""
    lines = [screen.note or "", screen.title, *(line.text for line in screen.body)]
    return {words for line in lines for words, moment in segments(line) if moment is not None}


def utf16(text: str, offset: int, length: int) -> str:
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def said(shown: Screen) -> list[str]:
    screen = harmless(shown)
    lines = [screen.note or "", screen.title, *(line.text for line in screen.body)]
    return [part for words in lines for part in words.splitlines() if part.strip()]


def texts(value: object) -> Iterator[Json]:
    """All text objects in blocks and views."""
    if isinstance(value, dict) and value.get("type") in ("mrkdwn", "plain_text"):
        yield value
    for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(below)


def test_marks_that_turn_text_are_dropped_and_all_other_writing_stays() -> None:
    assert clean(f"Ana{MARKS} 15:00\x00") == "Ana 15:00"
    for words in ("שרה", "سارة", "\U0001f469\u200d\U0001f467", "نمی\u200cدانم", "Åse", "ﬁ", "\t\n"):
        assert clean(words) == words
    assert clean("a\ud83db") == "a\ufffdb"


@pytest.mark.parametrize("name", ["שרה", "سارة 2", "Sara (שרה)", "ﺳﺎرة", "\U0001e900\U0001e922"])
def test_a_name_from_the_right_turns_nothing_beside_it(name: str) -> None:
    told = _("{name} · {length} · {price}", name=name, length="50 min", price="45")
    assert told == f"\u2068{name}\u2069 · 50 min · 45"
    assert ngettext("{name}: {n}", "{name}: {n}", 2, name=name) == f"\u2068{name}\u2069: 2"
    assert clean(told) == f"{name} · 50 min · 45", "what is copied and sent back is as it was written"
    offers = Field("offer", "Offer", FieldKind.CHOICE, choices=(Choice("1", told),))
    assert read_field(offers, clean(told)) == "1", "a label may be typed"
    assert told in draw(Screen(told)).html
    assert any(told in text["text"] for text in texts(render.message(Screen(told))))


def test_all_other_words_stand_as_they_are() -> None:
    for words in ("Ana María", "Åse · 15:00", "\U0001f469\u200d\U0001f467", "李", "https://x.example/שרה"):
        assert _("{words} 2", words=words) == f"{words} 2"


async def test_no_name_and_no_word_brings_marks_in(tmp_path: Path) -> None:
    turned = f"{MARKS}gnp.exe"
    async with World(tmp_path) as world:
        said = update(1, f"book{turned}", int(NEW_TELEGRAM.user_ref))
        said["message"]["from"]["first_name"] = turned
        about = {"id": "U0NEW", "profile": {"real_name": turned}, "tz": "Europe/London", "locale": "en-GB"}
        changed = event("Ev1", event={"type": "user_change", "user": about}, team_id="T0AAA")
        for shot in (Shot("", "telegram", encoded(said)), Shot("", "slack", encoded(changed))):
            status, wrong = await world.fires(replace(shot, may=STAFF))
            assert (status, wrong) == (200, [])
        names = await world.house.storage.read(_names)
        answers = [str(call.params) for call in world.telegram.journal.calls("sendMessage")]
    assert names.count("gnp.exe") == 2
    assert not any(mark in told for mark in MARKS for told in [*names, *answers])


def _names(tx: Tx) -> list[str]:
    named = sa.select(tables.persons.c.id, tables.persons.c.name_sealed)
    return [tx.sealer.open(row.name_sealed, NAME, row.id) for row in tx.execute(named)]
