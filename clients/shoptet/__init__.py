"""Shoptet's API: every call that the portal makes, and its answers as flat records."""
