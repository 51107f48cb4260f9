"""Customers to BlueJet: a contact, its company where there is one, and its addresses."""

from sync.flows.customer.flow import CUSTOMER_TO_BLUEJET

__all__ = ["CUSTOMER_TO_BLUEJET"]
