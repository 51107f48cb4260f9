"""The shops and their BlueJet accounts as staff see them."""

from shops.admin.accounts import BlueJetAccountAdmin
from shops.admin.shops import ShopAdmin

__all__ = ["BlueJetAccountAdmin", "ShopAdmin"]
