"""Carries mails over one connection to a mail server, which several mails share one after another.

Until its last line is sent, a mail has surely not gone out. What the server makes of it afterwards it says once: where
that is lost, nobody knows.
"""

import asyncio
import contextlib
import logging
import ssl
from collections.abc import AsyncIterator

import aiosmtplib

from bot.channels.email.mail import Letter
from bot.channels.email.message import as_bytes
from bot.channels.email.smtp_errors import AWAY_S, CLOSING, Stage, meaning
from bot.chat.channel import Away
from bot.chat.limits import Limit, Limits
from bot.mail_settings import SmtpServer

log = logging.getLogger(__name__)

STEP_S = 8.0
BEFORE_S = 10.0
CONTENT_S = 20.0
TURN_S = 8.0
"""How long a mail waits for those before it. With twice `BEFORE_S` and once `CONTENT_S` a mail takes less than a
minute, after which somebody else may look into it."""

RESET_S = 3.0
IDLE_S = 30.0
"""Below the time after which servers close an idle connection."""

ERRORS = (aiosmtplib.SMTPException, OSError, TimeoutError)


class SmtpCarrier:
    """Implements `bot.channels.email.carrier.Carrier`. `name` is the host that we say we are.

    `tls`: which certificates are believed; without it those that the system believes.
    """

    name = "smtp"
    settings: tuple[str, ...] = ("SMTP_URL",)
    limits = Limits(Limit(10, 0.1, 0.1))
    """About what one connection carries; a server names no figure, and asks to wait."""

    def __init__(self, server: SmtpServer, name: str, tls: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._name = name
        self._tls = tls
        self._client: aiosmtplib.SMTP | None = None
        self._used = float("-inf")
        self._turn = asyncio.Lock()

    async def send(self, letter: Letter) -> str:
        """Its Message-ID: a server has no other name for it."""
        content = as_bytes(letter)
        async with self._alone():
            client = await self._addressed(letter)
            try:
                async with asyncio.timeout(CONTENT_S):
                    await client.data(content)
            except aiosmtplib.SMTPDataError as refused:
                await self._begin_anew(client, refused)
                raise meaning(refused, Stage.CONTENT) from refused
            except ERRORS as lost:
                self._hang_up()
                raise meaning(lost, Stage.CONTENT) from lost
            self._used = _now()
        return letter.message_id

    async def answers(self) -> bool:
        try:
            async with self._alone(), asyncio.timeout(BEFORE_S):
                await self._connected()
        except (Away, *ERRORS) as failed:
            return isinstance(failed, aiosmtplib.SMTPResponseException)
        return True

    async def check(self) -> str | None:
        try:
            async with self._alone(), asyncio.timeout(BEFORE_S):
                client, _reused = await self._connected()
                await client.noop()
        except aiosmtplib.SMTPAuthenticationError as refused:
            return f"the mail server refuses the user or the password ({refused.code})"
        except aiosmtplib.SMTPResponseException as refused:
            return f"the mail server answers {refused.code}"
        except (Away, *ERRORS) as failed:
            return _why(failed)
        return None

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None and client.is_connected:
            with contextlib.suppress(*ERRORS):
                async with asyncio.timeout(1):
                    await client.quit()
            client.close()

    @contextlib.asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """One mail at a time. Whoever is stopped within leaves no half-said sentence on the line. Raises `Away`."""
        try:
            async with asyncio.timeout(TURN_S):
                await self._turn.acquire()
        except TimeoutError as busy:
            raise Away(AWAY_S) from busy
        try:
            yield
        except (asyncio.CancelledError, TimeoutError):
            self._hang_up()
            raise
        finally:
            self._turn.release()

    async def _addressed(self, letter: Letter) -> aiosmtplib.SMTP:
        """A connection that was told whom the mail is from and to. One that was open already may be over: then anew."""
        while True:
            stage, reused = Stage.CONNECT, False
            try:
                async with asyncio.timeout(BEFORE_S):
                    client, reused = await self._connected()
                    stage = Stage.SENDER
                    await client.mail(letter.sender.address)
                    stage = Stage.RECIPIENT
                    await client.rcpt(letter.to)
                    return client
            except ERRORS as failed:
                if reused and _is_over(failed):
                    self._hang_up()
                    continue
                if isinstance(failed, aiosmtplib.SMTPResponseException) and self._client is not None:
                    await self._begin_anew(self._client, failed)
                else:
                    self._hang_up()
                raise meaning(failed, stage) from failed

    async def _connected(self) -> tuple[aiosmtplib.SMTP, bool]:
        """A connection, and whether it was there already."""
        client = self._client
        if client is not None and client.is_connected and _now() - self._used < IDLE_S:
            return client, True
        self._hang_up()
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.implicit_tls,
            start_tls=not server.implicit_tls and not server.loopback,
            tls_context=self._tls,
            local_hostname=self._name,
            timeout=STEP_S,
        )
        await client.connect()
        self._client, self._used = client, _now()
        return client, False

    async def _begin_anew(self, client: aiosmtplib.SMTP, refused: Exception) -> None:
        """After a refusal the same connection takes the next mail, unless it is over."""
        if _is_over(refused) or not client.is_connected:
            self._hang_up()
            return
        try:
            async with asyncio.timeout(RESET_S):
                await client.rset()
        except ERRORS:
            self._hang_up()

    def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


def _is_over(error: Exception) -> bool:
    """Whether the connection ended, rather than the mail being refused."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return error.code == CLOSING
    return True


def _why(failed: Exception) -> str:
    causes = (failed, failed.__cause__, getattr(failed.__cause__, "__cause__", None))
    if any(isinstance(each, ssl.SSLCertVerificationError) for each in causes):
        return "the mail server's certificate is not valid for its name"
    if type(failed) is aiosmtplib.SMTPException:
        return "the mail server offers no TLS, or takes no user and password over it"
    return "the mail server does not answer"


def _now() -> float:
    return asyncio.get_running_loop().time()
