"""The door to BlueJet: one client for one account, in the account's dialect."""

from __future__ import annotations

from typing import Any

from clients.bluejet.answers import PARTNER
from clients.bluejet.config import BlueJetConfig, options_for
from clients.bluejet.data import DataClient
from clients.bluejet.evidences import evidences_for
from clients.bluejet.interface import BlueJetClient
from clients.bluejet.rest import RestClient
from clients.bluejet.session import Login, MemorySession, SessionStore
from clients.transport import Transport

__all__ = ["BlueJetClient", "BlueJetConfig", "open_client"]


def open_client(config: BlueJetConfig, *, session_store: SessionStore | None = None, **transport_options: Any) -> BlueJetClient:
    """Open a client; `transport_options` (limiter, breaker, policy, priority, …) go to its Transport.

    ValueError says what is wrong with the account's configuration.
    """
    evidences, options = evidences_for(config.dialect, config.evidences), options_for(config.evidences)
    secrets = (config.token_hash, config.token_id)
    transport = Transport(partner=PARTNER, base_url=config.base_url, secrets=secrets, **transport_options)
    login = Login(config, transport, session_store or MemorySession())
    if config.dialect == "rest":
        return RestClient(login, evidences)
    return DataClient(login, evidences, options)
