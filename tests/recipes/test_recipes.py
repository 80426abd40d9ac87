"""README's recipes for what can be added: each is done as it says, works, and keeps the rules of the repository."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.recipes.tree import Tree, needs_only_what_it_names, recipe


def add_conversation(tree: Tree) -> None:
    routes = "bot/handlers/routes.py"
    tree.new("bot/handlers/practice/about.py", "conversation/about.py")
    tree.edit(routes, below="from bot.handlers.practice import (\n", put="    about,\n")
    tree.edit(routes, below="    *settings.ROUTES,\n", put="    *about.ROUTES,\n")


def add_payment_provider(tree: Tree) -> None:
    config, names = "bot/config.py", "bot/setting_names.py"
    tree.new("bot/integrations/payments/deskpay/__init__.py")
    tree.new("bot/integrations/payments/deskpay/desk_pay.py", "payment_provider/desk_pay.py")
    tree.edit(config, below='    log_level: str = "INFO"\n', put="    deskpay_secret: str | None = None\n")
    tree.edit(config, above="        log_level=", put='        deskpay_secret=reader.text("DESKPAY_SECRET"),\n')
    tree.edit(names, above='    "STRIPE_SECRET_KEY": ', put='    "DESKPAY_SECRET": "verifies what DeskPay sends",\n')
    tree.edit("README.md", above="| `STRIPE_API_URL` |", put="| `DESKPAY_SECRET` | payments by DeskPay | off |\n")
    tree.edit("bot/app.py", below="        return _stripe(settings)\n", put=DESKPAY_CASE)


def add_chat_platform(tree: Tree) -> None:
    config, names = "bot/config.py", "bot/setting_names.py"
    tree.new("bot/channels/pager/__init__.py")
    tree.new("bot/channels/pager/channel.py", "chat_platform/pager.py")
    tree.edit("bot/domain/people/people.py", below='    SLACK = "slack"\n', put='    PAGER = "pager"\n')
    tree.edit(
        "bot/handlers/kit/phrases.py", below='    Platform.SLACK: "Slack",\n', put='    Platform.PAGER: "Pager",\n'
    )
    tree.edit(config, below="    hold_minutes: int = 15\n", put="    pager_secret: str | None = None\n")
    tree.edit(config, above="        hold_minutes=", put='        pager_secret=reader.text("PAGER_SECRET"),\n')
    tree.edit(names, above='    "TELEGRAM_BOT_TOKEN": ', put='    "PAGER_SECRET": "verifies what Pager sends",\n')
    tree.edit("README.md", above="| `TELEGRAM_BOT_TOKEN` |", put="| `PAGER_SECRET` | chats on Pager | off |\n")
    tree.edit("bot/app.py", above="    homes = Homes(sending, channels)", put=PAGER_CASE)


def add_notice(tree: Tree) -> None:
    notices, kinds = "bot/domain/notices/notices.py", "bot/handlers/notice_kinds.py"
    rule = "    NoticeKind.WELCOME: NoticeRule(NEWS, None, helps_for=timedelta(days=7)),\n"
    tree.new("bot/handlers/people/welcome.py", "notice/welcome.py")
    tree.edit(notices, above="    ANSWER = ", put='    WELCOME = "welcome"\n')
    tree.edit(notices, above="    NoticeKind.ANSWER: NoticeRule(", put=rule)
    tree.edit(kinds, below="from bot.handlers.people import addresses, time_zone", put=", welcome")
    tree.edit(kinds, above="    NoticeKind.SETTLE: ", put="    NoticeKind.WELCOME: NoticeScreen(welcome.welcome),\n")


PAGER_CASE = """\
    if settings.pager_secret is not None:
        from bot.channels.pager.channel import PagerChannel

        channels[Platform.PAGER] = PagerChannel(settings.pager_secret, front)
"""
DESKPAY_CASE = """\
    if settings.deskpay_secret is not None:
        from bot.integrations.payments.deskpay.desk_pay import DeskPay

        return DeskPay(settings.deskpay_secret)
"""

ADDITIONS: dict[str, Callable[[Tree], None]] = {
    "A conversation": add_conversation,
    "A chat platform": add_chat_platform,
    "A payment provider": add_payment_provider,
    "A kind of notice or reminder": add_notice,
}


@pytest.mark.parametrize("addition", ADDITIONS)
def test_a_recipe_names_every_file_that_it_touches(addition: str, tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    ADDITIONS[addition](tree)
    needs_only_what_it_names(tree, recipe(addition))


def test_a_new_conversation_is_reached(tmp_path: Path, sqlite_url: str) -> None:
    tree = Tree(tmp_path)
    add_conversation(tree)
    tree.prove("conversation", DATABASE_URL=sqlite_url)


def test_a_new_chat_platform_takes_turns_and_is_sent_notices(tmp_path: Path, sqlite_url: str) -> None:
    tree = Tree(tmp_path)
    add_chat_platform(tree)
    tree.prove("chat_platform", DATABASE_URL=sqlite_url, PAGER_SECRET="s3cret")


def test_a_new_payment_provider_makes_a_page_and_is_heard(tmp_path: Path, sqlite_url: str) -> None:
    tree = Tree(tmp_path)
    add_payment_provider(tree)
    tree.prove("payment_provider", DATABASE_URL=sqlite_url, DESKPAY_SECRET="s3cret")


def test_a_new_kind_of_notice_is_kept_and_shown(tmp_path: Path, sqlite_url: str) -> None:
    tree = Tree(tmp_path)
    add_notice(tree)
    tree.prove("notice", DATABASE_URL=sqlite_url)


@pytest.mark.timeout(300)  # mypy reads everything anew where it has not run before
def test_all_additions_together_keep_the_rules(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    for add in ADDITIONS.values():
        add(tree)
    tree.check()
