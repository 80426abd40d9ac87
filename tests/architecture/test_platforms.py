"""A channel is known to its own folder and to what puts a process together; what is said and sent names none."""

import ast

from bot.domain.people.people import Platform
from tests.architecture.source import dotted, product

NAMED = {
    "bot/handlers/kit/phrases.py": "how each is called",
    "bot/handlers/kit/paying/chat_payment.py": "where people pay inside the chat",
    "bot/handlers/conversation/help_page.py": "where another app may own a command",
    "bot/handlers/people/addresses.py": "how each kind of address is asked for and read",
    "bot/handlers/people/notifications.py": "which settings switch each on",
    "bot/services/reach/sms_consents.py": "SMS go by consent alone",
    "bot/services/reach/sms_news.py": "what people write to the number",
    "bot/services/practice/workspaces.py": "workspaces are Slack's",
}
"""Files that name a platform, and why."""

NAMES = {f"Platform.{platform.name}" for platform in Platform}


def test_no_conversation_use_case_or_sender_names_a_platform() -> None:
    naming = {
        source.path
        for source in product()
        if source.path.startswith(("bot/handlers/", "bot/services/", "bot/scheduling/"))
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and dotted(node) in NAMES
    }
    assert naming == set(NAMED)
