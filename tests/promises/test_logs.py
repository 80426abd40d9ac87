"""What people wrote, and what opens a door, stands in no line that a process writes, and in no step that it keeps."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from bot.logs import _Lines as Lines
from bot.logs import unless_odd
from storage import tables
from storage.engine import Storage, Tx
from storage.sealing import Sealer
from tests.promises.posting import (
    FORM,
    MAILS,
    TEAM,
    USER,
    Json,
    Post,
    Poster,
    command,
    encoded,
    event,
    mail_event,
    pressed,
    tap,
    update,
)
from tests.support.whole_product import ALWAYS, WholeProduct

WORDS = "zanzibarquokka"
"""Nobody says this by chance."""


def _from_slack(poster: Poster) -> Iterator[Post]:
    yield poster.slack(encoded(event("Ev1", WORDS)))
    yield poster.slack(encoded(event("Ev2", f"/{WORDS} {WORDS}\x00\ud800")))
    about = {"id": USER, "real_name": WORDS, "profile": {"real_name": WORDS}, "tz": WORDS, "locale": WORDS}
    yield poster.slack(encoded(event("Ev3", event={"type": "user_change", "user": about})))
    yield poster.slack(encoded(event("Ev4", event={"type": WORDS, "user": {WORDS: WORDS}})))
    yield poster.slack(encoded(event(f"Ev5-{WORDS} !", WORDS)))
    yield poster.slack(encoded(event("Ev6", event={"type": "message", "channel_type": "im", "user": {"id": WORDS}})))
    yield poster.slack(command("1.1", f"/{WORDS}"), FORM)
    yield poster.slack(command("1.2", "/rapport") + urlencode({"text": f" {WORDS}"}).encode(), FORM)
    yield poster.slack(command("1.3", "/book").replace(b"&text=", f"&text={WORDS}".encode()), FORM)
    yield poster.slack(command("1.4", WORDS), FORM)
    for number, value in enumerate((WORDS, f"book/{WORDS}", f"coach/accept/{WORDS}", f"late/1/{WORDS}", f"!{WORDS}")):
        yield poster.slack(tap(value, f"2.{number}").replace(b"1.2", f"3.{number}".encode()), FORM)
    yield poster.slack(tap("book", "2.9").replace(b"127.0.0.1%3A9", f"{WORDS}.example".encode()), FORM)
    for number, answers in enumerate(({"x|1": {"answer": {"value": WORDS}}}, {WORDS: {WORDS: {"value": WORDS}}})):
        carried = json.dumps({"at": f"setup/{WORDS}", "to": f"setup/{WORDS}/tag12345", "window": WORDS})
        view = {"id": f"V{number}", "type": "modal", "callback_id": "form", "private_metadata": carried,
                "hash": f"{WORDS} {number}", "blocks": [], "state": {"values": answers}}  # fmt: skip
        sent: Json = {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": USER}}
        sent["trigger_id"] = f"4.{number}"
        yield poster.slack(urlencode({"payload": json.dumps({**sent, "view": view})}).encode(), FORM)


def _from_telegram(poster: Poster) -> Iterator[Post]:
    texts = (WORDS, f"/{WORDS}", f"/{WORDS} {WORDS}", f"/start {WORDS}", f"/coach join {WORDS}", f"/book {WORDS}\x00")
    for number, text in enumerate(texts, start=1):
        said = update(number, text)
        said["message"]["from"] |= {"first_name": WORDS, "last_name": WORDS, "language_code": WORDS}
        yield poster.telegram(encoded(said))
    for number, data in enumerate((WORDS, f"book/{WORDS}", f"coach/accept/{WORDS}", f"form/{WORDS}", f"!{WORDS}"), 20):
        yield poster.telegram(encoded(pressed(number, data)))
    yield poster.telegram(encoded({"update_id": 40, "message": {"from": {"id": WORDS}, "chat": WORDS, "text": WORDS}}))
    yield poster.telegram(encoded({"update_id": WORDS}))
    yield poster.telegram(f'{{"update_id": 41, "message": "{WORDS}'.encode())


def _from_others(poster: Poster) -> Iterator[Post]:
    page = {"id": f"cs_{WORDS}", "object": "checkout.session", "metadata": {WORDS: WORDS}, "status": WORDS}
    paid: Json = {"id": "evt_1", "object": "event", "type": "checkout.session.completed", "data": {"object": page}}
    yield poster.stripe(encoded(paid))
    yield poster.stripe(encoded({**paid, "id": "evt_2", "type": WORDS}))
    yield poster.stripe(WORDS.encode())
    yield from _from_resend(poster)
    for body, secret in ((encoded(paid), WORDS), (WORDS.encode(), WORDS)):
        yield poster.stripe(body, secret=secret)
        yield poster.slack(body, secret=secret)
        yield poster.telegram(body, secret=secret)
    yield Post(f"/{WORDS}?{WORDS}", WORDS.encode(), {"X-Words": WORDS, "Content-Type": WORDS})
    yield Post("/slack/events", WORDS.encode(), {"Content-Type": f"{WORDS}/{WORDS}; charset={WORDS}"})


def _from_resend(poster: Poster) -> Iterator[Post]:
    bounce = {"type": "Permanent", "subType": WORDS, "message": WORDS}
    said = {"to": [f"{WORDS}@example.org"], "subject": WORDS, "email_id": WORDS, "bounce": bounce}
    tags: tuple[object, ...] = ({"account": "1"}, {"account": WORDS}, WORDS)
    for number, each in enumerate(tags):
        told = mail_event()
        told["data"] |= {**said, "tags": each}
        yield poster.resend(encoded(told), number=f"msg_{number}")
        yield poster.resend(encoded({**told, "type": WORDS, "created_at": WORDS}), number=f"msg_other_{number}")
    yield poster.resend(WORDS.encode())
    yield poster.resend(WORDS.encode(), secret="whsec_YW5vdGhlcg==")


def _from_browsers() -> Iterator[str]:
    yield from (f"/pay/return?session_id={WORDS}", f"/slack/oauth_redirect?code={WORDS}&state={WORDS}", f"/{WORDS}")


@pytest.mark.attack("Puts words of people into every field of every door, and looks for them in the logs")
async def test_no_words_and_no_secrets_are_in_what_a_process_writes(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    url = f"sqlite:///{tmp_path / 'rapport.db'}"
    async with WholeProduct(tmp_path, url, {"LOG_LEVEL": "DEBUG", **MAILS}) as opened:
        opened.install()
        poster = Poster(opened.session, opened.url, opened.environment())
        web, worker = await opened.start("web"), await opened.start("worker")
        await web.answers(opened.url)
        refused, sent = 0, 0
        for faults in (False, True):
            if faults:  # once more, while every answer from outside is one that nobody expects
                opened.slack.faults.add("chat.*", "status", status=500, times=ALWAYS)
                opened.slack.faults.add("users.info", "cut", times=ALWAYS)
                opened.telegram.faults.add("sendMessage", "status", status=400, times=ALWAYS)
                opened.stripe.faults.add("*", "cut", times=ALWAYS)
            for post in (*_from_slack(poster), *_from_telegram(poster), *_from_others(poster)):
                refused += (await poster.send(post)).status >= 400
                sent += 1
            for path in _from_browsers():
                await poster.send(Post(path, b""), "GET")
        assert 10 < refused < sent - 40, "most of it comes in"
        environment = opened.environment()
        assert [await web.stop(), await worker.stop()] == [0, 0]
    written = web.path.read_text() + worker.path.read_text()
    kept = await _trails(url, environment["SECRET_KEYS"])
    assert '"step": "turn"' in written
    lines = [line for line in (written + kept).splitlines() if WORDS in line.lower()]
    assert lines == []
    secrets = {name for name in environment if name.endswith(("_TOKEN", "_SECRET", "_KEY", "_KEYS"))}
    assert [name for name in secrets if environment[name] in written + kept] == []
    assert len(secrets) >= 5
    record_property("outcome", f"{sent} requests, none of their words in the logs of two processes")
    record_property("cost", "none")


async def _trails(url: str, keys: str) -> str:
    storage = await Storage.open(url, Sealer(keys.split(",")))

    def every(tx: Tx) -> str:
        return str(tx.execute(sa.select(tables.faults.c.trail)).all())

    try:
        return await storage.read(every)
    finally:
        await storage.close()


def _line(name: str, message: str, *args: object, error: BaseException | None = None) -> str:
    info = None if error is None else (type(error), error, error.__traceback__)
    return Lines().format(logging.LogRecord(name, logging.ERROR, "/x/lib.py", 7, message, args, info, "call"))


def test_what_a_library_says_is_told_by_its_place() -> None:
    for line in (
        _line("slack_sdk.web", f"Failed to send {WORDS}"),
        _line("telegram", "Failed to send %s", WORDS),
        _line("asyncio", f"Task exception was never retrieved\nfuture: <Task exception=ValueError('{WORDS}')>"),
        _line("bot.x", "failed", error=ValueError(WORDS)),
    ):
        assert WORDS not in line
    assert "Failed to send %s (lib.py:7 call)" in _line("telegram", "Failed to send %s", WORDS)
    assert "Task exception was never retrieved" in _line("asyncio", "Task exception was never retrieved\nfuture: x")
    assert '"step": "turn"' in _line("bot.handlers", "turn")


def test_an_id_that_somebody_made_up_is_told_by_its_length() -> None:
    assert unless_odd("slack:T0AAA:U0AAA:1.2:3.4") == "slack:T0AAA:U0AAA:1.2:3.4"
    assert unless_odd("my secret") == 9
    assert unless_odd(None) is None
