"""Products to BlueJet: one BlueJet product for each variant."""

from sync.flows.product.flow import PRODUCT_TO_BLUEJET

__all__ = ["PRODUCT_TO_BLUEJET"]
