"""What BlueJet says no to: an HTTP status and a Czech sentence."""

from __future__ import annotations


class Refusal(Exception):
    """Refuse a request; nothing of it is kept."""

    def __init__(self, message: str, status: int = 400, field: str = "") -> None:
        super().__init__(message)
        self.message, self.status, self.field = message, status, field
