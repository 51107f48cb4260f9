"""What each partner allows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Connections at once, the bucket (0 for none), and the least time in seconds between two calls."""

    connections: int
    bulk_connections: int
    capacity: int = 0
    drain: float = 0.0
    pace: float = 0.0
    slot_seconds: float = 35.0
    longest_wait: float = 5.0


# GET /api/… of Shoptet: 3 connections a token; 200 drops, 10 a second leak away (shoptet-facts, "Limits").
SHOPTET = Budget(connections=3, bulk_connections=2, capacity=200, drain=10.0)
# BlueJet publishes no limit; the account's pace is what keeps the peace.
BLUEJET = Budget(connections=4, bulk_connections=3)
