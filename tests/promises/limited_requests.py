"""A worker reduced to its requests: asks Shoptet as often as it is told, under the budget that all workers share.

`python -m tests.promises.limited_requests REQUESTS DRAIN PRIORITY`: how many answers it wants, how many drops a second leak
from the bucket, and who goes before whom.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

import django


def main(requests: int, drain: float, priority: int) -> None:
    """Ask until there are so many answers; wait where the budget says so."""
    from clients.errors import Throttled
    from shops.clients import shoptet_client
    from shops.models import Shop
    from sync.partners import shoptet_limiter

    shop = Shop.objects.get()
    limiter = shoptet_limiter(shop)
    limiter.budget = replace(limiter.budget, drain=drain)
    answers = refusals = 0
    with shoptet_client(shop, limiter=limiter, priority=priority) as client:
        while answers < requests:
            try:
                (client.stocks if answers % 3 else client.categories)()
            except Throttled as error:
                refusals += 1
                time.sleep(error.retry_after or 0.2)
            else:
                answers += 1
    print(f"{answers} answers; sent away by the budget {refusals} times")


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
