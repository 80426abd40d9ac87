"""The errors by which the stand-in refuses a call or a person's act."""


class ApiError(Exception):
    """A refusal as Slack words it: `error`, with `response_metadata.messages` where Slack adds them."""

    def __init__(self, error: str, messages: list[str] | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages or []


class CannotAct(Exception):
    """A person tried what Slack's client would not let them do; the text says why."""
