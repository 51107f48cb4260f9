"""A stand-in for Shoptet: its API by the OpenAPI file, its webhooks, and a page to play the shop's customers and staff."""
