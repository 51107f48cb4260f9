"""What staff read of a record on the real stack is what BlueJet holds of it, and who may only look changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
import requests
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import Permission, User
from django.utils.translation import override
from django_celery_beat.models import PeriodicTask

from shops.models import FlowName, FlowSetting, Shop
from sync.admin.vocabulary import HOLDINGS, JOBS, Claim
from sync.models import SyncJob
from tests.admin.rows import PASSWORD, make_user
from tests.promises.stack import Stack, order_event
from tests.promises.waiting import until

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]
OFFERS = 293
ORDERS = FlowName.ORDER_TO_BLUEJET
State = SyncJob.State


@pytest.fixture
def stack(make_stack: Callable[..., Stack]) -> Stack:
    """Return a stack whose pages need no collected style sheets."""
    return make_stack(DEBUG="true")


class Reader:
    """A member of staff, who reads Czech."""

    def __init__(self, address: str, user: User) -> None:
        # The real server does not know the tests' cheap hashes.
        user.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt-for-tests")
        user.save(update_fields=["password"])
        self._address, self._session = address, requests.Session()
        self._session.cookies.set("django_language", "cs", domain="127.0.0.1")
        self.open("/admin/login/")
        assert self.send("/admin/login/", username=user.get_username(), password=PASSWORD, next="/admin/") == 302

    def open(self, path: str) -> str:
        """Return a page's text."""
        answer = self._session.get(self._address + path, timeout=20)
        assert answer.status_code == 200, path
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())

    def send(self, path: str, **values: object) -> int:
        """Send a form; return the status of the answer."""
        token = {"csrfmiddlewaretoken": self._session.cookies["csrftoken"]}
        headers = {"Referer": self._address + path}
        return self._session.post(self._address + path, data=token | values, headers=headers, timeout=20, allow_redirects=False).status_code


def _bring(stack: Stack, codes: list[str], state: str) -> None:
    """Announce the orders, and wait until all of them stand so."""
    for code in codes:
        assert stack.deliver(order_event(code))[0] == 200
    until(lambda: SyncJob.objects.filter(flow=ORDERS, key__in=codes, state=state).count() == len(codes), f"{codes} are {state}")


def _claim(page: str) -> Claim:
    """Return the one thing that a page says of BlueJet."""
    with override("cs"):
        said = [(str(words.sentence), words.claim) for words in JOBS.values()] + [(str(text), claim) for text, claim in HOLDINGS.values()]
    (claim,) = {claim for sentence, claim in said if claim is not Claim.NONE and sentence in page}
    return claim


def test_what_staff_read_of_each_order_is_what_bluejet_holds_of_it(stack: Stack) -> None:
    shop = stack.start()
    arrived, refused, held = _in_three_ways(stack, shop)
    reader = Reader(stack.address, make_user("jana"))

    jobs = dict(SyncJob.objects.filter(flow=ORDERS).values_list("key", "pk"))
    claims = {code: _claim(reader.open(f"/admin/sync/syncjob/{pk}/change/")) for code, pk in jobs.items()}
    listed = reader.open("/admin/sync/syncjob/?question=open&flow__exact=order_to_bluejet")

    documents = set(stack.bluejet.documents())
    assert documents == set(arrived)
    assert {code for code, claim in claims.items() if claim is Claim.IN} == documents
    assert {code for code, claim in claims.items() if claim is Claim.NOT_YET} == {*refused, *held}
    assert {code for code in jobs if f"Objednávka {code}" in listed} == {*refused, *held}


def _in_three_ways(stack: Stack, shop: Shop) -> tuple[list[str], list[str], list[str]]:
    """Let some orders arrive, some be refused, and some come while their flow is off."""
    stack.shoptet.keep_quiet()
    codes = stack.shoptet.place_many(6, *stack.shoptet.variants()[:2])
    arrived, refused, held = codes[:2], codes[2:4], codes[4:]
    _bring(stack, arrived, State.DONE)
    stack.bluejet.fault("422", method="POST", no=OFFERS)
    _bring(stack, refused, State.PARKED)
    stack.bluejet.mend()
    FlowSetting.objects.filter(shop=shop, flow=ORDERS).update(mode=FlowSetting.Mode.OFF)
    _bring(stack, held, State.HELD)
    return arrived, refused, held


def test_who_may_only_look_switches_no_schedule_off_and_presses_no_button(stack: Stack) -> None:
    shop = stack.start()
    visitor = make_user("host", group="")
    visitor.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    before = list(PeriodicTask.objects.order_by("pk").values_list("pk", "enabled"))
    reader = Reader(stack.address, visitor)
    job = SyncJob.objects.create(shop=shop, flow=ORDERS, key="1", next_try_at=shop.created_at, state=State.PARKED)

    chosen = [pk for pk, _enabled in before]
    for action in ("disable_tasks", "toggle_tasks", "run_tasks", "delete_selected"):
        assert reader.send("/admin/django_celery_beat/periodictask/", action=action, _selected_action=chosen, post="yes") in (200, 302, 403)
    refused = [
        reader.send(f"/admin/sync/syncjob/{job.pk}/replay/"),
        reader.send("/admin/sync/syncrun/start/", shop=shop.pk, flow=ORDERS, mode="full", confirmed="yes"),
        reader.send(f"/admin/shops/shop/{shop.pk}/webhooks/renew-key/"),
        reader.send(f"/admin/shops/shop/{shop.pk}/delete/", post="yes"),
    ]

    assert refused == [403] * 4
    assert list(PeriodicTask.objects.order_by("pk").values_list("pk", "enabled")) == before
    assert SyncJob.objects.get(pk=job.pk).state == State.PARKED
