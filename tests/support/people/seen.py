"""What a person has in front of them, whatever the platform: messages, an open form, a home page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """A button. `at` is where it is on the platform; a `url` opens in the browser and tells the bot nothing.

    `hidden` is what shows only when it is looked for: a day in a date picker.
    """

    label: str
    at: str
    url: str | None = None
    hidden: bool = False

    def reads(self, label: str) -> bool:
        """Whether a person would say that this is the button `label`: its words or the beginning of them."""
        return self.label == label or self.label.startswith(label)


@dataclass(frozen=True)
class Seen:
    """One message, modal or page. `mine`: the person wrote it. `asks` are the labels of a form's inputs."""

    ref: str
    text: str
    keys: tuple[Key, ...] = ()
    mine: bool = False
    asks: tuple[str, ...] = ()
    over_all: bool = False
    """An open modal covers everything else."""

    def key(self, label: str) -> Key | None:
        exact = [key for key in self.keys if key.label == label]
        return next(iter(exact or [key for key in self.keys if key.reads(label)]), None)

    def lines(self) -> list[str]:
        buttons = " ".join(f"[{key.label}]" for key in self.keys if not key.hidden)
        return [*self.text.splitlines(), *([buttons] if buttons else [])]
