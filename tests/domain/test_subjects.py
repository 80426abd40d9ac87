"""What something is about: one value, and one text of it."""

import pytest

from bot.domain.subjects import Subject


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (Subject("booking", 7), "booking:7"),
        (Subject("workspace", "T0HARBOUR"), "workspace:T0HARBOUR"),
        (Subject("practice"), "practice"),
    ],
)
def test_a_subject_is_read_from_its_text_as_it_was(subject: Subject, text: str) -> None:
    assert str(subject) == text
    assert Subject.read(text) == subject


def test_a_kind_that_only_a_newer_process_knows_is_kept() -> None:
    assert str(Subject.read("voyage:3")) == "voyage:3"


def test_only_a_thing_of_that_kind_has_a_number_of_it() -> None:
    assert Subject("booking", 7).number("booking") == 7
    assert Subject("coach", 7).number("booking") is None
    assert Subject("workspace", "T0HARBOUR").number("workspace") is None
