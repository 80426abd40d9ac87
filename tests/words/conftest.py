from tests.handlers.conftest import room

__all__ = ["room"]
