from tests.handlers.conftest import chat

__all__ = ["chat"]
