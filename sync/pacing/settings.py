"""What each partner allows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Connections at once, the bucket (0 for none), and the least time in seconds between two calls.

    `address` names those that the partner counts together because they come from one IP address, `address_connections` of them.
    """

    connections: int
    bulk_connections: int
    capacity: int = 0
    drain: float = 0.0
    pace: float = 0.0
    slot_seconds: float = 35.0
    longest_wait: float = 5.0
    address: str = ""
    address_connections: int = 0


# Shoptet: 3 connections a token, 50 an IP address; 200 drops, 10 a second leak away (shoptet-facts, "Limits").
SHOPTET = Budget(connections=3, bulk_connections=2, capacity=200, drain=10.0, address="shoptet", address_connections=50)
# BlueJet publishes no limit; the account's pace is what keeps the peace.
BLUEJET = Budget(connections=4, bulk_connections=3)
