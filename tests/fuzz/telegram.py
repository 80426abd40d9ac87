"""What Telegram posts: words, commands, links, taps, and everything else that an update can be."""

import random
import re
from collections.abc import Iterator
from typing import Any

from telegram import Update

from bot.chat.clean import clean
from bot.domain.people.people import Profile
from tests.fuzz import values
from tests.fuzz.answers import answer, said_by
from tests.fuzz.offered import Everybody, Offered, address
from tests.fuzz.shots import NOTHING, Shot
from tests.fuzz.slack import COMMANDS
from tests.fuzz.world import GROUP
from tests.promises.posting import encoded, pressed, update

Json = dict[str, Any]
KEPT = frozenset({"update_id"})
AN_ANSWER = frozenset({"drafts"})
"""A link that is broken into plain words is offered as an answer to what somebody wrote just now."""
PAYLOADS = (
    "book", "coach-1", "coach-olga", "offer-1", "offer-999", "go-book", "go-setup", "go-", "offer-", "-", "x" * 64,
)  # fmt: skip
LINK = re.compile(r"/start(?!\w)")
FILES = ("photo", "sticker", "voice", "document", "contact", "location", "poll", "dice", "venue", "pinned_message")


def answers_a_question(update: Json) -> bool:
    """Whether these are words that an open question takes for its answer: a link broken into plain words, too."""
    message = update.get("message")
    if not isinstance(message, dict) or not isinstance(chat := message.get("chat"), dict):
        return False
    text = message.get("text")
    return chat.get("type") == "private" and isinstance(text, str) and LINK.match(clean(text).strip()) is None


class TelegramShots:
    def __init__(self, rng: random.Random, everybody: Everybody, number: Iterator[int]) -> None:
        self._rng = rng
        self._everybody = everybody
        self._own = [own for who, own in everybody.items() if who.platform.value == "telegram"]
        self._number = number
        self._waiting: list[Shot] = []

    def make(self) -> Shot:
        if self._waiting:
            return self._waiting.pop(0)
        own = self._rng.choice(self._own)
        makers = (self._words, self._command, self._tap, self._tap, self._tap, self._form, self._form, self._odd)
        return self._rng.choice(makers)(own)

    def _shot(self, kind: str, own: Offered, content: Json, may: frozenset[str]) -> Shot:
        update: Json = {"update_id": next(self._number), **content}
        if self._rng.random() < 0.6:
            update, kind = values.mutated(self._rng, update, KEPT), f"{kind} broken"
            may = own.may if may in (NOTHING, AN_ANSWER) and answers_a_question(update) else may
        taken = type(update["update_id"]) is int
        return Shot(kind, "telegram", encoded(update), may=may, taken=taken, who=own.who.user_ref)

    def _words(self, own: Offered) -> Shot:
        words = said_by(self._rng, own)
        return self._shot("telegram words", own, {"message": self._message(own.who, words)}, own.may)

    def _command(self, own: Offered) -> Shot:
        rng = self._rng
        words = rng.choice(("", values.text(rng), "book", "tue 3pm", "join AAAA-BBBB"))
        if rng.random() < 0.3:
            words = f"/start {rng.choice((*PAYLOADS, values.text(rng)))}"
            return self._shot("telegram link", own, {"message": self._message(own.who, words)}, AN_ANSWER)
        words = f"{rng.choice(COMMANDS)}{rng.choice(('', '@rapport_bot', '@other_bot'))} {words}"
        if rng.random() < 0.3:
            message = self._message(own.who, words) | {"chat": {"id": GROUP, "type": "supergroup", "title": "Friends"}}
            return self._shot("telegram group", own, {"message": message}, NOTHING)
        # What turns out to be no command answers an open question.
        return self._shot("telegram command", own, {"message": self._message(own.who, words)}, own.may)

    def _tap(self, own: Offered) -> Shot:
        kind, to = address(self._rng, self._everybody, own)
        notice = "!" if self._rng.random() < 0.2 else ""
        return self._shot(f"telegram tap{kind}", own, self._pressed(own.who, notice + to), own.judged(to))

    def _form(self, own: Offered) -> Shot:
        """The page of a form, then an answer to each of its questions."""
        at, form = self._rng.choice(own.forms)
        for asked in form.fields:
            words = self._message(own.who, answer(self._rng, asked))
            self._waiting.append(self._shot("telegram form", own, {"message": words}, own.may))
        update = {"update_id": next(self._number), **self._pressed(own.who, at)}
        return Shot("telegram form", "telegram", encoded(update), taken=True, who=own.who.user_ref)

    def _odd(self, own: Offered) -> Shot:
        rng, draw = self._rng, self._rng.random()
        message = self._message(own.who, values.text(rng))
        if draw < 0.25:
            after = {"user": message["from"], "status": rng.choice(("kicked", "member", "x"))}
            change = {"chat": message["chat"], "from": message["from"], "date": 1780000000, "new_chat_member": after}
            return self._shot("telegram standing", own, {"my_chat_member": change}, NOTHING)
        if draw < 0.5:
            del message["text"]
            message[rng.choice(FILES)] = values.anything(rng)
            return self._shot("telegram file", own, {"message": message}, NOTHING)
        if draw < 0.85:
            kinds = [*Update.ALL_TYPES, "news_of_2031"]
            content = rng.choice((message, self._pressed(own.who, "start")["callback_query"], values.anything(rng)))
            return self._shot("telegram other", own, {rng.choice(kinds): content}, own.may)
        raw = encoded(values.anything(rng)) if rng.random() < 0.7 else values.text(rng).encode("utf-8", "surrogatepass")
        return Shot("telegram raw", "telegram", raw[: rng.choice((1, 10, 20_000))])

    def _message(self, who: Profile, words: str) -> Json:
        said: Json = update(next(self._number), words, int(who.user_ref))["message"]
        return said | {"from": self._person(who)}

    def _pressed(self, who: Profile, data: str) -> Json:
        query = pressed(next(self._number), data, int(who.user_ref))["callback_query"]
        return {"callback_query": query | {"from": self._person(who)}}

    def _person(self, who: Profile) -> Json:
        first, last = (values.name(self._rng, usual) for usual in (who.name, ""))
        return {"id": int(who.user_ref), "is_bot": False, "first_name": first, "last_name": last,
                "username": values.name(self._rng, "somebody"), "language_code": who.language}  # fmt: skip
