"""A setting of an offer is declared once; what it still needs to be asked, kept, told and searched is named here."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.practice.offer_settings import SETTINGS, Unit
from bot.domain.records import AuditEntry
from bot.domain.subjects import Subject
from bot.handlers.kit.reasons import contradictions
from bot.handlers.offers import setting_fields
from bot.handlers.offers.settings import GROUPS
from bot.handlers.practice import audit_words
from bot.services.offers.offers import CHANGEABLE
from storage.tables import offers
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import OWNER, done


def test_every_setting_has_its_words_and_its_column() -> None:
    assert set(setting_fields.words()) == set(SETTINGS)
    assert set(SETTINGS) <= set(offers.c.keys())
    nullable = {name for name in SETTINGS if offers.c[name].nullable}
    assert nullable == {name for name, limits in SETTINGS.items() if limits.unit is Unit.SESSIONS}


async def test_every_setting_is_asked_in_one_form(chat: BareChat) -> None:
    asked = [field.name for group in GROUPS.values() for field in group(chat.practice.paid).fields]
    assert sorted(asked) == sorted(CHANGEABLE)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_mistake_about_a_setting_has_words(name: str) -> None:
    limits = SETTINGS[name]
    unknown = contradictions.words("")
    for mistake in (limits.otherwise, limits.beyond):
        assert mistake is None or contradictions.words(mistake) != unknown


@pytest.mark.parametrize("name", SETTINGS)
def test_a_change_of_every_setting_can_be_read_in_the_trail(name: str) -> None:
    at = datetime(2026, 12, 1, tzinfo=UTC)
    before, after = ("no", "yes") if SETTINGS[name].unit is Unit.YES_NO else ("10", "20")
    changed = ({name: 0}, {name: 1}) if SETTINGS[name].unit is Unit.YES_NO else ({name: 10}, {name: 20})
    entry = AuditEntry(1, 7, "slack", "offer.changed", Subject("offer", 1), *changed, None, at)
    noun = setting_fields.words()[name].noun
    assert audit_words.changes(entry, "EUR", "UTC") == f"{noun}: {before} → {after}"


async def test_a_change_of_every_setting_is_told_on_the_page_of_its_offer(chat: BareChat) -> None:
    olga, offer = Somebody(chat, OWNER), chat.practice.paid
    for name, limits in SETTINGS.items():
        await olga.goes(f"offer/{offer.id}")
        before = olga.text
        value = {Unit.SESSIONS: 9, Unit.YES_NO: 1}.get(limits.unit) or getattr(offer, name) - 1
        act = await chat.practice.act(OWNER, chat.practice.now())
        done(await chat.desk.offers.change(act, offer.id, offer.version, **{name: value}))
        offer = replace(offer, version=offer.version + 1)
        await olga.goes(f"offer/{offer.id}")
        assert olga.text != before, name
