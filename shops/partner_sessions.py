"""The short-lived tokens that the partners give out, shared by all processes through the cache and encrypted in it."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable

from django.core.cache import cache
from redis.exceptions import RedisError

from clients.limits import BreakerGuard, NoBreaker
from clients.shoptet.oauth import ACCESS_PATH, request_api_token
from shops.encryption import decrypt, encrypt
from shops.models import BlueJetAccount, Shop

logger = logging.getLogger(__name__)

# A token is given up this long before its end, so that no request begins with one that ends on the way.
MARGIN_SECONDS = 60
# Seconds that workers wait for the one that asks for a new token; one that died lets the next one ask after as long.
LONGEST_RENEWAL = 10


class SharedToken:
    """One token under one name; without the cache each process keeps its own."""

    def __init__(self, name: str, *credentials: str) -> None:
        # New credentials must not go on with the token of the old ones.
        digest = hashlib.sha256("\n".join(credentials).encode()).hexdigest()[:16]
        self._key = f"token:{name}:{digest}"
        self._own: str | None = None

    def load(self) -> str | None:
        """Return the token, None where there is none; the cache is asked for it once, and once more where it is refused."""
        if self._own is None:
            self._own = self._shared()
        return self._own

    def _shared(self) -> str | None:
        try:
            kept = cache.get(self._key)
        except RedisError:
            return self._own
        return decrypt(kept) if kept else None

    def save(self, token: str, seconds: int) -> None:
        """Keep the token for so many seconds."""
        self._own = token
        try:
            cache.set(self._key, encrypt(token), timeout=max(seconds - MARGIN_SECONDS, 1))
        except RedisError:
            logger.warning("The cache does not answer; this process keeps its partner's token to itself.")

    def clear(self) -> None:
        """Forget the token."""
        self._own = None
        try:
            cache.delete(self._key)
        except RedisError:
            logger.warning("The cache does not answer; a partner's token could not be forgotten there.")

    def renew(self, refused: str | None, ask: Callable[[], str]) -> str:
        """Let one worker ask while the others wait for what it gets; who waited too long asks as well."""
        until = time.monotonic() + LONGEST_RENEWAL
        while not (is_mine := self._begin()) and time.monotonic() < until:
            time.sleep(0.1)
        try:
            found = self._shared()
            if found and found != refused:
                self._own = found
                return found
            self.clear()
            return ask()
        finally:
            if is_mine:
                self._end()

    def _begin(self) -> bool:
        try:
            return bool(cache.add(f"{self._key}:renewal", 1, timeout=LONGEST_RENEWAL))
        except RedisError:
            return True

    def _end(self) -> None:
        try:
            cache.delete(f"{self._key}:renewal")
        except RedisError:
            logger.warning("The cache does not answer; the next renewal of a token has to wait a moment.")


class BlueJetSession(SharedToken):
    """The token that a BlueJet account is logged in with."""

    def __init__(self, account: BlueJetAccount) -> None:
        super().__init__(f"bluejet:{account.pk}", account.base_url, account.token_id, account.token_hash)


class ShoptetToken(SharedToken):
    """The API token of an OAuth add-on; at most five may be valid at once, hence one for all."""

    def __init__(self, shop: Shop, breaker: BreakerGuard | None = None) -> None:
        super().__init__(f"shoptet:{shop.pk}", shop.oauth_url, shop.oauth_token)
        self._shop = shop
        self._breaker: BreakerGuard = breaker if breaker is not None else NoBreaker()
        self._given: str | None = None

    def __call__(self) -> str:
        """Return the token in use."""
        self._given = self.load() or self.renew(None, self._request)
        return self._given

    def refresh(self) -> str:
        """Get a new token from the e-shop and return it, unless another worker has one already."""
        self._given = self.renew(self._given, self._request)
        return self._given

    def _request(self) -> str:
        self._breaker.look_anew()  # who waited for another worker's try need not be refused by itself
        address = self._shop.oauth_url.rstrip("/").removesuffix(ACCESS_PATH)
        given = request_api_token(address, self._shop.oauth_token, secrets=(self._shop.oauth_token,), breaker=self._breaker)
        self.save(given.token, given.expires_in)
        return given.token
