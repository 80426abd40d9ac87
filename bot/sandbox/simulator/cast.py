"""The people whom a user of the simulator can play. The practice itself learns who is owner, coach or client."""

from dataclasses import dataclass

WORKSPACE = "T0HARBOUR"
WORKSPACE_NAME = "Harbour Coaching"


@dataclass(frozen=True)
class Player:
    """`id` is the platform's; `zone` what the person's own clock shows; `part` is a caption, no right."""

    platform: str
    id: str
    name: str
    part: str
    zone: str
    language: str = "en"
    workspace: str = ""


CAST = (
    Player("telegram", "1001", "Ana Fischer", "Owner, coach", "Europe/Vienna"),
    Player("telegram", "1002", "Mia Kovalenko", "Client", "Europe/Kyiv"),
    Player("telegram", "1003", "Sam Hughes", "New here", "Europe/London"),
    Player("slack", "U0OLIVIA", "Olivia Grant", "Owner", "Europe/Vienna", "en-US", WORKSPACE),
    Player("slack", "U0BEN", "Ben Walker", "Coach", "Europe/London", "en-GB", WORKSPACE),
    Player("slack", "U0LEO", "Leo Martin", "Client", "America/New_York", "en-US", WORKSPACE),
    Player("slack", "U0NORA", "Nora Lind", "New here", "Europe/Stockholm", "en-US", WORKSPACE),
)
OWNERS = ("telegram:1001", f"slack:{WORKSPACE}:U0OLIVIA")
