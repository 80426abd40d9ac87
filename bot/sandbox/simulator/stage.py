"""One run of the demo: stand-ins, product, clock and people, which start and end together."""

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.sandbox.simulator.cast import CAST, Player
from bot.sandbox.simulator.clockwork import Clockwork
from bot.sandbox.simulator.feed import Feed
from bot.sandbox.simulator.product import Died, Product
from bot.sandbox.simulator.standins import COMMANDS, StandIns
from bot.sandbox.slack.errors import CannotAct
from bot.sandbox.telegram.state import User

log = logging.getLogger(__name__)

Seed = Callable[[StandIns], Awaitable[None]]
Launch = Callable[[Mapping[str, str], str, Path], Product]
WEBHOOK_SECONDS = 20.0


class Stage:
    """`seed` makes the practice lively, as people would. `state` is starting, seeding, ready or down."""

    def __init__(self, seed: Seed, launch: Launch = Product) -> None:
        self.feed = Feed()
        self.state = "down"
        self.trouble = ""
        self.begins = "Client"
        """Whom the page shows first: the beginning of a caption."""
        self.undrawn: list[dict[str, Any]] = []
        self.faults: set[str] = set()
        self.people: list[Player] = []
        self._seed = seed
        self._launch = launch
        self._folder: Path | None = None
        self._standins: StandIns | None = None
        self._product: Product | None = None
        self._clockwork: Clockwork | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._changing = asyncio.Lock()

    @property
    def standins(self) -> StandIns:
        assert self._standins is not None
        return self._standins

    @property
    def clockwork(self) -> Clockwork:
        assert self._clockwork is not None
        return self._clockwork

    async def start(self, *, empty: bool) -> None:
        """Start everything anew. Raises `Died` when the product does not come up."""
        async with self._changing:
            await self._tear_down()
            self._set("starting")
            self._folder = Path(tempfile.mkdtemp(prefix="rapport-demo-"))
            self._standins = standins = await StandIns.open(self._folder)
            self._clockwork = Clockwork(standins, self.feed.tell)
            self.people, self.faults, self.begins = [], set(), "Owner" if empty else "Client"
            for player in CAST:
                self.add(player)
            self.feed.follow_traffic(standins)
            await self._start_product(standins)
            self._tasks = [
                asyncio.create_task(self.feed.follow_telegram(standins)),
                asyncio.create_task(self.feed.follow_slack(standins)),
                asyncio.create_task(self._watch_product()),
            ]
            if not empty:
                self._set("seeding")
            await self._open_practice(standins, empty=empty)
            if self._product is not None and self._product.alive:
                self._set("ready")

    async def stop(self) -> None:
        await self._tear_down()

    def add(self, player: Player) -> None:
        """One more person on a platform. CannotAct when there is somebody with that id."""
        if player.platform == "telegram":
            world = self.standins.telegram.world
            if int(player.id) in world.users:
                raise CannotAct("there is somebody with that id")
            first, _, last = player.name.partition(" ")
            world.add_user(User(int(player.id), first, last or None, language_code=player.language))
        else:
            slack = self.standins.slack.slack
            team = slack.teams[player.workspace]
            if player.id in team.users:
                raise CannotAct("there is somebody with that id")
            name = player.name.split()[0].lower()
            slack.add_user(team, name, player.name, tz=player.zone, locale=player.language, user_id=player.id)
        self.people.append(player)
        self.feed.tell({"kind": "people"})

    def describe(self) -> dict[str, Any]:
        """JSON for the page: who can be played, how things stand, what the clock shows."""
        standins = self.standins
        return {
            "state": self.state,
            "trouble": self.trouble,
            "now": standins.clock.now().timestamp(),
            "offset": standins.clock.offset(),
            "moving": self.clockwork.busy,
            "people": [asdict(player) for player in self.people],
            "begins": self.begins,
            "teams": [
                {"id": team.id, "name": team.name, "installed": team.installation is not None}
                for team in standins.slack.slack.teams.values()
            ],
            "bot": standins.telegram.username,
            "commands": list(COMMANDS),
            "product": standins.product_url,
            "pages": [standins.product_url, standins.served["stripe"].url],
            "faults": sorted(self.faults),
        }

    async def _start_product(self, standins: StandIns) -> None:
        product = self._launch(standins.settings(), standins.product_url, standins.folder / "rapport.log")
        self._product = product
        try:
            await product.start()
        except Died as died:
            self._set("down", str(died))
            raise

    async def _open_practice(self, standins: StandIns, *, empty: bool) -> None:
        """The workspace installs the app; then people act. Trouble is told, and the stage stays playable."""
        try:
            async with asyncio.timeout(WEBHOOK_SECONDS):
                delivery = standins.telegram.world.delivery
                while delivery.webhook is None:
                    await delivery.changed(1.0)
            if not empty:
                await self._seed(standins)
        except Exception as trouble:
            log.exception("the practice could not be filled")
            self.trouble = f"The practice could not be filled: {trouble!r}"

    async def _watch_product(self) -> None:
        assert self._product is not None
        status = await self._product.ended()
        self._set("down", self._product.last_words(f"ended with status {status}"))
        log.error(self.trouble)

    async def _tear_down(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        if self._product is not None:
            await self._product.stop()
        if self._standins is not None:
            await self._standins.close()
        if self._folder is not None:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
        self._product, self._standins, self._folder = None, None, None
        self.trouble = ""

    def _set(self, state: str, trouble: str = "") -> None:
        self.state, self.trouble = state, trouble or self.trouble
        self.feed.tell({"kind": "state", "state": state})
