"""Orders to BlueJet: the customer first, then one document with all its lines."""

from sync.flows.order.flow import ORDER_TO_BLUEJET

__all__ = ["ORDER_TO_BLUEJET"]
