"""Which country a telephone number belongs to."""

import phonenumbers
from phonenumbers import NumberParseException


def country_of(number: str) -> str | None:
    """`AT` for `+4366012345678`; None where no one country has it."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except NumberParseException:
        return None
