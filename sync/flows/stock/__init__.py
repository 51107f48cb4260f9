"""Stock to BlueJet: one stock card for each stock and variant."""

from sync.flows.stock.flow import MOVEMENTS, STOCK_TO_BLUEJET

__all__ = ["MOVEMENTS", "STOCK_TO_BLUEJET"]
