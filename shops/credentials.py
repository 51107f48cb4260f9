"""What a shop and a BlueJet account are let in by, and whether that is still what is stored."""

from __future__ import annotations

import hashlib

from shops.models import BlueJetAccount, Shop

# The address too: good credentials sent to a wrong one are refused.
FIELDS: dict[type[Shop] | type[BlueJetAccount], tuple[str, ...]] = {
    Shop: ("api_base_url", "access", "api_token", "oauth_url", "oauth_token", "eshop_id"),
    BlueJetAccount: ("base_url", "dialect", "token_id", "token_hash"),
}


def credential_fields(owner: Shop | BlueJetAccount) -> tuple[str, ...]:
    """Name the fields that decide whether the partner lets the portal in."""
    return FIELDS[type(owner)]


def are_still_stored(owner: Shop | BlueJetAccount) -> bool:
    """Whether nobody has saved other credentials since the owner was read."""
    stored = type(owner)._default_manager.filter(pk=owner.pk).first()
    return stored is not None and _mark(stored) == _mark(owner)


def _mark(owner: Shop | BlueJetAccount) -> str:
    values = "\n".join(str(getattr(owner, name)) for name in credential_fields(owner))
    return hashlib.sha256(values.encode()).hexdigest()
