"""The `rapport` command."""

import argparse
import base64
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.clock import use_pinned_zones
from bot.config import BadSettings, Settings, environment, load
from bot.garbage import everything_stays

LAST_PORT = 65_535
MOST_DAYS = 3650
KEYS = (
    "To change the key: run `rapport keys new`, add the new key to SECRET_KEYS of every process and restart; put it in "
    "front everywhere and restart again; run `rapport keys rotate`; then remove the old key. `rapport doctor` warns "
    "about a running process that lacks a key."
)
TRACE = (
    "When something fails, the person reads a reference. This prints what happened in that turn, one JSON line a step, "
    "with ids and no contents. It reads the database of DATABASE_URL."
)
DOCTOR = (
    "`rapport doctor stripe` compares the ledger, the bookings and Stripe's account. What Stripe shows and no message "
    "told is entered; what needs a person is named with what to do. The product may go on meanwhile. It ends with 1 "
    "while a difference is left."
)
BACKUP = (
    "The product may go on meanwhile. The copy is read through before it gets its name. To restore it, stop web and "
    "worker, remove the database with its -wal and -shm files, and put the copy in its place."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. 2: settings are wrong, 3: the database does not fit."""
    use_pinned_zones()
    options = _parser().parse_args(arguments)
    import asyncio  # takes longer than everything that `--help` needs

    if options.command == "demo":
        from bot.sandbox import demo

        return asyncio.run(demo.run(options.port, options.empty))
    if options.command == "keys" and options.what == "new":
        print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
        return 0
    try:
        settings = load(environment())
    except BadSettings as wrong:
        print(wrong, file=sys.stderr)
        return 2
    return asyncio.run(_run(options, settings))


async def _run(options: argparse.Namespace, settings: Settings) -> int:
    with everything_stays():
        from bot import logs, processes

    logs.set_up("CRITICAL" if options.command == "doctor" else settings.log_level)  # the doctor's lines say it all
    match options.command:
        case "web":
            return await processes.web(settings)
        case "worker":
            return await processes.worker(settings)
        case "migrate":
            return await processes.migrate(settings)
        case "doctor":
            return await processes.doctor(settings, options.vendor, options.days)
        case "keys":
            return await processes.rotate_keys(settings)
        case "backup":
            return await processes.backup(settings, options.file)
        case _:
            return await processes.trace(settings, options.reference)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rapport", description="The front desk of a coaching practice, in chat.")
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="try everything on this machine: sandbox and simulator, no account")
    demo.add_argument("--port", type=_port, default=8600, help="port of the simulator page, 0 to 65535")
    demo.add_argument("--empty", action="store_true", help="begin with the owner's first day")
    commands.add_parser("web", help="answer chats and webhooks")
    commands.add_parser("worker", help="send reminders and do what falls due")
    commands.add_parser("migrate", help="bring the database to the newest schema")
    doctor = commands.add_parser(
        "doctor", help="say what is on, off or broken, and which setting to mend", epilog=DOCTOR
    )
    doctor.add_argument("vendor", nargs="?", choices=["stripe"], help="compare the books with this vendor's instead")
    doctor.add_argument("--days", type=_days, default=90, help="how far back books are compared, 90 days at first")
    keys = commands.add_parser("keys", help="make a key, or encrypt everything anew with the first one", epilog=KEYS)
    keys.add_argument("what", choices=["new", "rotate"], help="print a new key; or rotate to the first of SECRET_KEYS")
    backup = commands.add_parser("backup", help="copy the SQLite database to a new file", epilog=BACKUP)
    backup.add_argument("file", type=Path, help="the file to make, such as backups/2026-12-01.db")
    trace = commands.add_parser("trace", help="show the steps behind a reference that somebody was given", epilog=TRACE)
    trace.add_argument("reference", help="the six letters and digits of the message, such as K7Q2MX")
    return parser


def _days(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_DAYS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number of days from 1 to {MOST_DAYS}")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= LAST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no port: it must be a number from 0 to {LAST_PORT}")


if __name__ == "__main__":
    sys.exit(main())
