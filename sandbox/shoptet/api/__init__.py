"""Shoptet's API as the OpenAPI file has it: one module per group of endpoints, each with its table of routes."""
