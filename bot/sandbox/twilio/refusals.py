"""Twilio's refusals, with the codes of https://www.twilio.com/docs/api/errors."""

from typing import Any


class Refused(Exception):
    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status

    def body(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": str(self),
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


def not_found(path: str) -> Refused:
    return Refused(20404, f"The requested resource {path} was not found", 404)


MESSAGES = {
    21211: "Invalid 'To' Phone Number",
    21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
    21606: "The 'From' phone number provided is not a valid message-capable Twilio phone number for this destination",
    21608: "The number is unverified. Trial accounts cannot send messages to unverified numbers",
    21610: "Attempt to send to unsubscribed recipient",
    21612: "Message cannot be sent with the current combination of 'To' and/or 'From' parameters",
    21614: "'To' number is not a valid mobile number",
}
