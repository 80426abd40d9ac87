"""What `rapport doctor` warns about without asking anybody: secrets, addresses, and what does not go together."""

from pathlib import Path

import pytest

from bot.checks import addresses, files, secrets
from bot.config import Settings, load
from tests.storage.support import new_key

GOOD = "pGk2vT7xQ9wLm4Zs"
OTHER = "h8Rf3KdY6nBc1Jua"
KEY = new_key()


def settings(**more: str) -> Settings:
    return load({"SECRET_KEYS": KEY, **more})


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, []),
        ({"TELEGRAM_WEBHOOK_SECRET": GOOD, "SLACK_SIGNING_SECRET": OTHER}, []),
        ({"TELEGRAM_WEBHOOK_SECRET": "secret"}, ["TELEGRAM_WEBHOOK_SECRET has 6 characters"]),
        ({"STRIPE_WEBHOOK_SECRET": "a" * 30}, ["STRIPE_WEBHOOK_SECRET repeats a few characters"]),
        (
            {"SLACK_SIGNING_SECRET": GOOD, "TELEGRAM_WEBHOOK_SECRET": GOOD},
            ["SLACK_SIGNING_SECRET and TELEGRAM_WEBHOOK_SECRET are the same"],
        ),
        ({"SECRET_KEYS": f"{KEY},{KEY}"}, ["SECRET_KEYS names one key twice"]),
        ({"SLACK_SIGNING_SECRET": KEY}, ["SLACK_SIGNING_SECRET and key 1 of SECRET_KEYS are the same"]),
    ],
)
def test_secrets_that_can_be_guessed_or_stand_twice(more: dict[str, str], said: list[str]) -> None:
    found = list(secrets.weak(settings(**more)))
    assert [each[: len(start)] for each, start in zip(found, said, strict=True)] == said
    assert not any(value in each for each in found for value in (GOOD, KEY, "aaaa"))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, []),
        ({"STRIPE_API_URL": "http://127.0.0.1:12111", "SLACK_API_URL": "http://[::1]:9/api/"}, []),
        ({"TELEGRAM_API_URL": "http://bots.example.org"}, ["TELEGRAM_API_URL is http://"]),
        ({"SLACK_API_URL": "http://10.0.0.7/api/"}, ["SLACK_API_URL is http://"]),
        ({"STRIPE_API_URL": "http://localhost.example.org"}, ["STRIPE_API_URL is http://"]),
        ({"PUBLIC_URL": "http://desk.example.org"}, ["PUBLIC_URL is http://"]),
        ({"PUBLIC_URL": "https://desk.example.org"}, []),
    ],
)
def test_addresses_in_the_open(more: dict[str, str], said: list[str]) -> None:
    found = list(addresses.in_the_open(settings(**more)))
    assert [each[: len(start)] for each, start in zip(found, said, strict=True)] == said


PUBLIC = {"PUBLIC_URL": "https://desk.example.org"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"STRIPE_SECRET_KEY": "sk_live_1", **PUBLIC}, []),
        ({"STRIPE_SECRET_KEY": "sk_test_1"}, []),
        ({"STRIPE_SECRET_KEY": "rk_test_1", **PUBLIC}, ["STRIPE_SECRET_KEY is a test key"]),
        ({"STRIPE_SECRET_KEY": "sk_live_1"}, ["STRIPE_SECRET_KEY is live and PUBLIC_URL is this machine"]),
        (
            {"STRIPE_SECRET_KEY": "rk_live_1", "STRIPE_API_URL": "http://127.0.0.1:9", **PUBLIC},
            ["STRIPE_SECRET_KEY is live and STRIPE_API_URL is not Stripe's"],
        ),
        ({"CLOCK_FILE": "/tmp/clock", **PUBLIC}, ["CLOCK_FILE may move the clock"]),
    ],
)
def test_live_and_test_do_not_mix(more: dict[str, str], said: list[str]) -> None:
    found = list(addresses.mixed_modes(settings(**more)))
    assert [each[: len(start)] for each, start in zip(found, said, strict=True)] == said


def test_files_that_others_can_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    database, env = tmp_path / "rapport.db", tmp_path / ".env"
    for file in (database, env):
        file.touch(mode=0o600)
    own = settings(DATABASE_URL=f"sqlite:///{database}")
    assert list(files.open_to_others(own)) == []
    database.chmod(0o640)
    env.chmod(0o604)
    assert [each.partition(":")[0] for each in files.open_to_others(own)] == [
        f"others on this machine may read the database {database}",
        "others on this machine may read the settings in .env",
    ]
    assert list(files.open_to_others(settings(DATABASE_URL="postgresql://me@db.example/x"))) != []


def test_a_folder_into_which_others_can_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may do so replaces a file that is closed to them, or puts a journal beside it that SQLite plays back."""
    monkeypatch.chdir(tmp_path)
    shared = tmp_path / "shared"
    shared.mkdir()
    database = shared / "rapport.db"
    own = settings(DATABASE_URL=f"sqlite:///{database}")
    for open_to_all in (0o777, 0o1777, 0o770):
        shared.chmod(open_to_all)
        assert list(files.open_to_others(own)) == [], "nothing of ours is there yet"
        database.touch(mode=0o600)
        [said] = files.open_to_others(own)
        assert said.startswith(f"others on this machine may put files into {shared}, where the database")
        shared.chmod(0o755)
        assert list(files.open_to_others(own)) == []
        database.unlink()
