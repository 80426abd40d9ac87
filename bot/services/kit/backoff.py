"""How long to wait before a provider that did not answer is asked again: twice as long each time."""

from datetime import timedelta

_DOUBLINGS = 12


def wait(failures: int, first: timedelta, longest: timedelta) -> timedelta:
    """`first` before any failure, never more than `longest`."""
    return min(first * (1 << min(failures, _DOUBLINGS)), longest)
