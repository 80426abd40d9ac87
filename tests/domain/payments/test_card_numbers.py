"""A card number is recognised however it is typed; what only looks like one is not."""

import pytest

from bot.domain.payments import card_numbers


@pytest.mark.parametrize(
    "text",
    [
        "4242424242424242",
        "4242 4242 4242 4242",
        "my card: 4242-4242-4242-4242, 12/28",
        "3782 822463 10005",
        "5555.5555.5555.4444",
        "2223003122003222",
        "6011 1111 1111 1117 123",
        "4242 4242 4242 4242 12/28 123",
        "12-28 4242 4242 4242 4242",
        "card 30569309025904",
        "4242–4242–4242–4242",
        "٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢",
        "4242\u200b4242\u200b4242\u200b4242",
        "first line\n4242 4242 4242 4242\nlast line",
        "4242 4242\n4242 4242",
        "(4242424242424242)",
    ],
)
def test_a_card_number_is_seen(text: str) -> None:
    assert card_numbers.is_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4242",
        "4242424242424241",  # the check digit is wrong
        "+43 660 1234567",
        "+4242424242424242",
        "0049 170 1234567",
        "https://meet.example/4242424242424242",
        "https://meet.example/room?id=4242424242424242",
        "order-4242424242424242",
        "AT61 1904 3002 3457 3201",
        "2027-02-03 10:00 2027-02-03 11:00",
        "monday 10-12, tuesday 14-16, wednesday 9-11",
        "1001 1002 1003 1004",
        "4242424242424242x",
        "2 4 2 4 2 4",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not card_numbers.is_in(text)
