from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.people.addresses import (
    CODE_LASTS,
    CODE_TRIES,
    CodeProblem,
    EmailProblem,
    Unproved,
    code_of,
    on_the_wire,
    parse_email,
    same_for,
)
from bot.domain.people.people import Account, Platform

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ana@example.org", "ana@example.org"),
        ("  Ana.Maria+desk@EXAMPLE.Org ", "Ana.Maria+desk@example.org"),
        ("ana@example.org.", "ana@example.org"),
        ("<mailto:ana@example.org|ana@example.org>", "ana@example.org"),
        ("mailto:ana@example.org", "ana@example.org"),
        ("ana@Bücher.example", "ana@bücher.example"),
        ("ana@xn--bcher-kva.example", "ana@bücher.example"),
        ("ana@straße.example", "ana@straße.example"),
        ("o'neill@example.co.uk", "o'neill@example.co.uk"),
    ],
)
def test_an_address_is_kept_as_it_reads(typed: str, kept: str) -> None:
    assert parse_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "ana", "@example.org", "ana@", "ana@example", "ana@@example.org", "ana@exa mple.org", "ana @example.org",
        "ana@example.org, bob@example.org", "Ana <ana@example.org>", "ana@-example.org", "ana@example..org",
        "ana@127.0.0.1", "ana@[127.0.0.1]", ".ana@example.org", "ana..b@example.org", "ana@example.org\nBcc: b@c.de",
        "ana@example.org\r\n.\r\nMAIL FROM:<b@c.de>", "ana\x00@example.org", "ana@exam\u200bple.org",
        "ana@\uff45xample.org", "a@b@example.org", '"a b"@example.org', "ana@exa_mple.org", f"ana@{'a' * 64}.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    assert parse_email(typed) is EmailProblem.NO_ADDRESS


def test_what_no_server_takes_is_told_apart() -> None:
    assert parse_email("maría@example.org") is EmailProblem.NAME
    assert parse_email(f"{'a' * 65}@example.org") is EmailProblem.TOO_LONG
    assert parse_email(f"ana@{'.'.join(['a' * 60] * 5)}.org") is EmailProblem.TOO_LONG


def test_a_name_that_hides_something_stays_as_servers_write_it() -> None:
    hidden = "xn--" + "exam\u200bple".encode("punycode").decode()
    assert parse_email(f"ana@{hidden}.org") == f"ana@{hidden}.org"


def test_two_ways_to_write_one_address_are_the_same() -> None:
    assert on_the_wire("ana@bücher.example") == "ana@xn--bcher-kva.example"
    assert same_for(Platform.EMAIL, "Ana@bücher.example") == same_for(Platform.EMAIL, "ana@bücher.example")
    assert same_for(Platform.EMAIL, "ana@straße.example") != same_for(Platform.EMAIL, "ana@strasse.example")


def test_a_code_has_six_digits_whatever_it_is_made_of() -> None:
    assert code_of("0") == "000000"
    assert code_of("f" * 40).isdigit()
    assert len(code_of("f" * 40)) == 6


def test_a_code_is_good_for_a_while_and_some_tries() -> None:
    account = Account(1, 1, Platform.EMAIL, "", "new:1", None, address="ana@example.org", verified=False)
    fresh = Unproved(account, NOW, 0)
    assert fresh.problem(NOW) is None
    assert fresh.problem(NOW + CODE_LASTS - timedelta(seconds=1)) is None
    assert fresh.problem(NOW + CODE_LASTS) is CodeProblem.LATE
    assert fresh.problem(NOW - timedelta(seconds=1)) is CodeProblem.LATE
    assert Unproved(account, NOW, CODE_TRIES - 1).problem(NOW) is None
    assert Unproved(account, NOW, CODE_TRIES).problem(NOW) is CodeProblem.TRIED_OUT
