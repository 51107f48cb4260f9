"""Stock to BlueJet: one stock card for each stock and variant."""

from sync.flows.stock.flow import ALL_STOCKS, MOVEMENTS, STOCK_TO_BLUEJET

__all__ = ["ALL_STOCKS", "MOVEMENTS", "STOCK_TO_BLUEJET"]
