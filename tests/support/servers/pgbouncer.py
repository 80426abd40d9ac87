"""A transaction pooler before the server of this run: PgBouncer, as Supabase's pooler behaves."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from tests.support.servers.postgres import ADMIN, BOT, OWNER, Server, free_port, locked, unprivileged
from tests.support.threads import in_thread

# Every transaction gets the connection that was not used for longest: whatever stays on one is found by another.
SETTINGS = """
[databases]
* = host=127.0.0.1 port={server_port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = plain
auth_file = {folder}/users
admin_users = {admin}
logfile = {folder}/log
pidfile = {folder}/pid
pool_mode = transaction
server_round_robin = 1
default_pool_size = 10
max_client_conn = 2000
"""


def find_pgbouncer() -> Path | None:
    """The program: the one that PGBOUNCER names (empty: none), one on PATH, or where Debian puts it."""
    named = os.environ.get("PGBOUNCER")
    if named is None:
        named = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")
    return Path(named) if named else None


def stop_both(server: Server) -> None:
    """Stop the pooler, if there is one, the server, and servers that tests keep beside it."""
    Pooler(server, Path()).stop()
    for each in (server, *(Server(home, server.binaries) for home in server.home.glob("beside-*"))):
        each.stop()


@dataclass(frozen=True)
class Pooler:
    """PgBouncer of this run, before `server`; nothing runs before the first `url`."""

    server: Server
    program: Path

    def url(self, database: str, role: str = ADMIN) -> str:
        """Start it unless it runs already, and give the address of a database behind it."""
        password, server_port = self.server.reached()
        with locked(self._address.with_suffix(".lock")):
            if not self._address.exists():
                self._address.write_text(str(self._start(password, server_port)))
        return f"postgresql://{role}:{password}@127.0.0.1:{self._address.read_text()}/{database}"

    def stop(self) -> None:
        if not self._address.exists():
            return
        console = self.url("pgbouncer")

        async def shut_down() -> None:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                connection = await asyncpg.connect(console, timeout=5)
                await connection.execute("SHUTDOWN")

        in_thread(shut_down)

    @property
    def _address(self) -> Path:
        return self.server.home / "pooler"

    def _start(self, password: str, server_port: int) -> int:
        folder, account = self.server.home / "pgbouncer", unprivileged() if os.getuid() == 0 else None
        folder.mkdir(mode=0o700)
        (folder / "users").write_text("".join(f'"{role}" "{password}"\n' for role in (ADMIN, OWNER, BOT)))
        settings = folder / "settings"
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        for _attempt in range(5):
            port = free_port()
            chosen = SETTINGS.format(port=port, server_port=server_port, folder=folder, admin=ADMIN)
            settings.write_text(chosen + self._unprepared())
            done = subprocess.run(
                [self.program, "--daemon", "--quiet", settings],
                cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
                user=account.pw_uid if account else None, group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            )  # fmt: skip
            if done.returncode == 0 and self._answers(port, password):
                return port
        log = folder / "log"
        raise RuntimeError(f"PgBouncer did not start:\n{log.read_text()[-2000:] if log.exists() else ''}")

    def _unprepared(self) -> str:
        """Versions that follow prepared statements from server to server must not: Supabase's pooler does not."""
        said = subprocess.run([self.program, "--version"], capture_output=True, text=True, check=True).stdout
        version = re.search(r"PgBouncer (\d+)\.(\d+)", said)
        assert version, said
        return "max_prepared_statements = 0\n" if (int(version[1]), int(version[2])) >= (1, 21) else ""

    def _answers(self, port: int, password: str) -> bool:
        connected: list[bool] = []

        async def ask() -> None:
            for _ in range(50):
                with contextlib.suppress(OSError, asyncpg.PostgresError):
                    url = f"postgresql://{ADMIN}:{password}@127.0.0.1:{port}/pgbouncer"
                    connection = await asyncpg.connect(url, timeout=5)
                    connection.terminate()
                    connected.append(True)
                    return
                await asyncio.sleep(0.1)

        in_thread(ask)
        return bool(connected)
