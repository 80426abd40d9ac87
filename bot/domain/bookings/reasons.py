"""Why the practice cancelled a session: one of the usual reasons, or somebody's own words."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Usual(StrEnum):
    """Reasons that are chosen and not typed: everybody reads them in their own language."""

    ILL = "ill"
    CAME_UP = "came_up"


_ILL = re.compile(r"\b(?:ill|sick|fever|flu|covid|krank\w*|erkrankt\w*|fieber\w*|grippe\w*)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Reason:
    """`words` are those of who gave it, in their language, also where it is a `usual` one."""

    words: str
    usual: Usual | None = None

    @property
    def is_illness(self) -> bool:
        return self.usual is Usual.ILL or (self.usual is None and _ILL.search(self.words) is not None)
