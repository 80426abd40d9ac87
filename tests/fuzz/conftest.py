"""The practice in which names are made hostile is the one of the handlers' tests."""

from tests.handlers.conftest import chat as chat
