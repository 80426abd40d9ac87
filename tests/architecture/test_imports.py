"""A process imports no SDK of an integration that is off: each costs start-up time and memory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "telegram", "slack_bolt", "slack_sdk", "stripe", "apscheduler", "alembic", "asyncpg", "sqlalchemy.orm",
    "httpx", "requests", "jinja2", "bot.sandbox",
}  # fmt: skip
KEY = "A" * 43 + "="
SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "x"}
TELEGRAM = {"TELEGRAM_BOT_TOKEN": "1:a", "TELEGRAM_WEBHOOK_SECRET": "x"}
STRIPE = {"STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}

PROCESS = """
import asyncio, os, sys
from bot import processes
from bot.config import load
from bot.http_routes import http_routes
from bot.app import build
from storage.upkeep import revisions

async def main():
    app = await build(load(dict(os.environ)))
    await revisions.of(app.storage)
    http_routes(app)
    await app.close()

asyncio.run(main())
print(*sys.modules)
"""


@pytest.mark.parametrize(
    ("settings", "needed"),
    [
        ({}, set()),
        (SLACK, {"slack_bolt", "slack_sdk"}),
        (TELEGRAM, {"telegram", "httpx"}),  # python-telegram-bot's own default, at its import
        (TELEGRAM | STRIPE, {"telegram", "httpx", "stripe", "requests"}),
    ],
    ids=["nothing", "Slack", "Telegram", "Telegram and Stripe"],
)
def test_on_sqlite_a_process_has_what_is_on(tmp_path: Path, settings: dict[str, str], needed: set[str]) -> None:
    url = f"sqlite:///{tmp_path}/rapport.db"
    assert _imported(PROCESS, {"DATABASE_URL": url, **settings}) == needed


@pytest.mark.postgres
def test_on_postgres_web_has_no_scheduler(direct_database_url: str) -> None:
    imported = _imported(PROCESS, {"DATABASE_URL": direct_database_url, **SLACK})
    assert imported & {"apscheduler", "alembic", "telegram", "stripe"} == set()
    assert "asyncpg" in imported


def test_help_needs_nothing_of_it() -> None:
    script = "import sys\nfrom bot import __main__\n"
    script += "try:\n    __main__.main(['--help'])\nexcept SystemExit:\n    print(*sys.modules)\n"
    heavy = HEAVY | {"sqlalchemy", "aiohttp", "cryptography", "storage", "bot.processes"}
    imported = _imported(script, {}, among=heavy)
    assert imported == set()


def _imported(script: str, settings: dict[str, str], among: set[str] = HEAVY) -> set[str]:
    """Which of the heavy modules a fresh process has once it ran `script`, which prints all modules it has."""
    environment = {"PATH": os.environ["PATH"], "SECRET_KEYS": KEY, **settings}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return among & set(done.stdout.split())
