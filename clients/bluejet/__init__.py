"""BlueJet's API, in the two dialects that the portal can speak."""

from clients.bluejet.client import open_client
from clients.bluejet.config import BlueJetConfig
from clients.bluejet.evidences import DEFAULTS, Evidence, evidences_for
from clients.bluejet.interface import BlueJetClient
from clients.bluejet.records import BlueJetRow, LineWrite, RowRefused, Write, Written
from clients.bluejet.session import MemorySession, SessionStore

__all__ = [
    "DEFAULTS",
    "BlueJetClient",
    "BlueJetConfig",
    "BlueJetRow",
    "Evidence",
    "LineWrite",
    "MemorySession",
    "RowRefused",
    "SessionStore",
    "Write",
    "Written",
    "evidences_for",
    "open_client",
]
