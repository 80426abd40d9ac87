"""What only owners see: links to share, workspaces, the trail."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.chat.screen import Button, Screen
from bot.chat.turn import Window, WindowKind
from bot.domain.people.people import Platform, Profile
from bot.domain.practice.workspaces import WorkspaceState
from bot.domain.records import AuditEntry
from bot.domain.subjects import Subject
from bot.handlers.practice import audit_words
from bot.services.practice.workspaces import Installation
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.services.bare_practice import OWNER

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
THEO = Profile(Platform.TELEGRAM, "", "7001", "7001", "Theo", language="en")
IN_A_CHANNEL = Window(WindowKind.EPHEMERAL, chat_ref="C0GENERAL", private=False)


async def beside_others(somebody: Somebody, address: str) -> Screen:
    turn = replace(await somebody.turn(), window=IN_A_CHANNEL)
    return await somebody.chat.router.visit(turn, address)


async def test_links_of_the_practice_a_coach_and_an_offer(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("share")
    olga.sees("https://t.me/front_bot?start=book", "https://example.test/slack/install")
    assert olga.screen.picture is not None
    assert olga.screen.picture.png.startswith(b"\x89PNG")
    await olga.taps("Coach: Olga Owner")
    olga.sees("start=coach-olga")
    await olga.goes("share")
    await olga.taps("Offer: Single")
    olga.sees(f"start=offer-{chat.practice.paid.id}", "€45.00")


async def test_a_card_is_public_and_posted_only_by_staff(chat: BareChat) -> None:
    olga, theo = Somebody(chat, OWNER), Somebody(chat, THEO)
    shown = await beside_others(olga, "card")
    assert shown.public
    assert not shown.posted
    assert "[Post it here]" in as_text(shown)
    posted = await beside_others(olga, "card/practice/0/post")
    assert posted.public
    assert posted.posted
    assert [button.text for row in posted.buttons for button in row] == ["Book a session"]
    assert "Post" not in as_text(await beside_others(theo, "card"))
    refused = await beside_others(theo, "card/practice/0/post")
    assert not refused.posted


async def test_words_after_the_command_choose_what_the_card_is_about(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    by_words = {
        "coach-olga": ("Olga Owner", f"card/coach/{chat.practice.coach_id}/post"),
        "Olga Owner": ("Olga Owner", f"card/coach/{chat.practice.coach_id}/post"),
        f"offer-{chat.practice.paid.id}": ("Single", f"card/offer/{chat.practice.paid.id}/post"),
        "single": ("Single", f"card/offer/{chat.practice.paid.id}/post"),
    }
    for words, (title, posts) in by_words.items():
        turn = replace(await olga.turn(), window=IN_A_CHANNEL, text=words)
        shown = await chat.router.visit(turn, "card")
        assert (shown.title, shown.note) == (title, None)
        assert posts in [button.to for row in shown.buttons for button in row if isinstance(button, Button)]
    turn = replace(await olga.turn(), window=IN_A_CHANNEL, text="coach-nobody")
    unknown = await chat.router.visit(turn, "card")
    assert "No coach and no offer is called “coach-nobody”" in (unknown.note or "")


async def test_the_pages_to_share_say_what_to_type_in_a_channel(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("share")
    olga.sees("write /rapport card there")
    await olga.taps("Coach: Olga Owner")
    olga.sees("write /rapport card coach-olga there")
    await olga.taps("Card for a channel")
    olga.sees("write /rapport card coach-olga there", "[Back]")
    await olga.taps("Back")
    olga.sees("Share Olga Owner")
    await olga.goes(f"share/offer/{chat.practice.paid.id}")
    olga.sees(f"write /rapport card offer-{chat.practice.paid.id} there")


async def test_clients_do_not_share_what_is_not_theirs(chat: BareChat) -> None:
    theo = Somebody(chat, THEO)
    for address in ("share", f"share/coach/{chat.practice.coach_id}", f"share/offer/{chat.practice.free.id}"):
        await theo.goes(address)
        theo.sees("This is no longer here")


async def test_a_workspace_whose_token_was_lost_is_told_until_it_is_installed_again(chat: BareChat) -> None:
    workspaces, now = chat.desk.workspaces, chat.practice.now()
    installed = Installation("T0BBB", "Acme", "xoxe-1", refresh_token="xoxe-r", ends_at=now)
    await workspaces.installed(installed, now)
    renewal = await workspaces.claim_renewal("T0BBB", now)
    assert renewal is not None
    assert await workspaces.token_lost(renewal, now)
    told = await chat.notice(OWNER, "notice/workspace-lost")
    assert told is not None
    assert "Acme" in as_text(told)
    olga = Somebody(chat, OWNER)
    await olga.goes("workspace/t0bbb")
    olga.sees("install the app there again")
    await workspaces.installed(installed, now)
    later = await chat.notice(OWNER, "notice/workspace-lost")
    assert later is None or later.over


async def test_a_workspace_is_looked_at_closed_and_served_again(chat: BareChat) -> None:
    installed = Installation("T0BBB", "Acme", "xoxb-1", installer_ref="U0X")
    await chat.desk.workspaces.installed(installed, chat.practice.now())
    told = await chat.notice(OWNER, "workspace-new")
    assert told is not None
    assert "Acme installed the app" in as_text(told)
    olga = Somebody(chat, OWNER)
    await olga.goes("workspaces")
    await olga.taps("Acme")
    await olga.taps("Close workspace")
    olga.sees("closed by you", "[Serve it again]")
    found = await chat.desk.workspaces.find("T0BBB")
    assert found is not None
    assert found.state is WorkspaceState.CLOSED
    assert await chat.desk.people.meet(replace(IVA, workspace="T0BBB"), chat.practice.now()) is None
    await olga.taps("Serve it again")
    olga.sees("served")


async def test_an_owner_cannot_shut_themselves_out(chat: BareChat) -> None:
    await chat.desk.workspaces.installed(Installation("T0BBB", "Acme", "xoxb-1"), chat.practice.now())
    olga = Somebody(chat, OWNER)
    await olga.goes("workspace/t0bbb")
    close = olga.button("Close workspace").to
    turn = await olga.turn()
    screen = await chat.router.visit(replace(turn, account=replace(turn.account, workspace="T0BBB")), close)
    assert "no longer here" in as_text(screen)


async def test_the_trail_in_words_page_by_page(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    olga = Somebody(chat, OWNER)
    await olga.goes("audit")
    olga.sees(f"Booking {booking.id} was confirmed", "state: on hold → confirmed", "through Stripe")
    olga.sees("(Berlin)", "[Older]")
    seen = olga.text
    while any(button.text == "Older" for button in olga.buttons):
        await olga.taps("Older")
        seen += olga.text
    assert "The practice opened for booking" in seen
    assert "why: named by OWNERS" in seen
    for code in ("booking.", "offer.", "practice.", "coach.", "payment.", "hours."):
        assert code not in seen


def test_bookings_that_a_coach_kept_are_named_not_counted() -> None:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    about, kept = Subject("coach", 2), {"kept": [8, 9]}
    entry = AuditEntry(1, 1, "slack", "coach.removed", about, {"state": "active"}, kept, None, at)
    assert audit_words.changes(entry, "EUR", "UTC").endswith("kept: booking 8, booking 9")
