"""`rapport demo` as a person starts it: one address, a lively practice, and nothing left behind."""

import asyncio
import os
import signal
import socket
from pathlib import Path
from typing import Any

import aiohttp

from tests.support.demo import demo
from tests.support.servers.postgres import free_port

Json = dict[str, Any]


async def _get(session: aiohttp.ClientSession, url: str) -> Json:
    async with session.get(url) as answer:
        seen: Json = await answer.json()
        return seen


async def test_it_opens_on_a_lively_practice_and_leaves_nothing(tmp_path: Path) -> None:
    async with demo(tmp_path, "--port", str(free_port())) as (process, address), aiohttp.ClientSession() as session:
        world = await _get(session, f"{address}/_sandbox/world")
        assert (world["state"], world["trouble"]) == ("ready", "")
        mia = await _get(session, f"{address}/_sandbox/telegram/chats/1002")
        assert any("paid" in message["text"] for message in mia["messages"] if message["from_bot"])
        leo = await _get(session, f"{address}/_sandbox/slack/state?team=T0HARBOUR&user=U0LEO")
        [direct] = [channel for channel in leo["channels"] if channel["is_im"]]
        assert len([message for message in direct["messages"] if message.get("bot_id")]) >= 2
        paid = await _get(session, f"{address}/_sandbox/stripe/state")
        assert [one["status"] for one in paid["charges"]] == ["succeeded"]
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 15) == 0
        assert not os.listdir(tmp_path)
        with socket.socket() as looking:
            port = int(world["product"].rpartition(":")[2])
            assert looking.connect_ex(("127.0.0.1", port)) != 0


async def test_it_takes_the_next_port_and_can_start_empty(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        async with demo(tmp_path, "--empty", "--port", str(port)) as (_, address), aiohttp.ClientSession() as session:
            assert port < int(address.rpartition(":")[2]) <= port + 50
            ana = await _get(session, f"{address}/_sandbox/telegram/chats/1001")
            assert (ana["started"], ana["messages"]) == (False, [])
