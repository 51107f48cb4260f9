"""The page on which a person plays the shop: orders, prices, stock, customers, faults, and the webhooks that go out."""
