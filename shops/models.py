"""The e-shops, the BlueJet accounts that they deliver to, and what is switched on."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shops.address_field import AddressField
from shops.encryption import EncryptedTextField


def validate_time_zone(value: str) -> None:
    """Refuse a name that is not an IANA time zone."""
    if value not in available_timezones():
        raise ValidationError(_("“%(value)s” is not a time zone. Example: Europe/Prague."), params={"value": value})


class BlueJetAccount(models.Model):
    """One BlueJet instance and the user that the portal acts as."""

    class Dialect(models.TextChoices):
        DATA = "data", _("data – BlueJet's own API")
        REST = "rest", _("rest – resources of the specification")

    name = models.CharField(_("name"), max_length=100)
    base_url = AddressField(_("address"), max_length=300, help_text=_("For example https://company.bluejet.cz/api/v1"))
    dialect = models.CharField(_("dialect"), max_length=10, choices=Dialect.choices, default=Dialect.DATA)
    token_id = EncryptedTextField(_("token ID"), blank=True, default="")
    token_hash = EncryptedTextField(_("token hash"), blank=True, default="")
    pace = models.DecimalField(
        _("seconds between requests"),
        max_digits=6,
        decimal_places=3,
        default=1,
        validators=[MinValueValidator(0)],
        help_text=_("BlueJet publishes no limit; one second is known to be safe."),
    )
    evidences = models.JSONField(
        _("evidence numbers and columns"),
        default=dict,
        blank=True,
        help_text=_("Only what differs from the defaults, by kind of record."),
    )
    # By kind: {"state": "kept" or "reset", "read_only": [columns]}; a kind that is missing was not tried yet.
    partial_updates = models.JSONField(_("what an update does to columns that it does not name"), default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("BlueJet account")
        verbose_name_plural = _("BlueJet accounts")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Shop(models.Model):
    """One Shoptet e-shop: how to reach it, and which BlueJet it delivers to."""

    class Access(models.TextChoices):
        PRIVATE = "private", _("private token")
        OAUTH = "oauth", _("OAuth add-on")

    class StockAmount(models.TextChoices):
        UNKNOWN = "", _("not known yet – taken for what may be ordered")
        ORDERABLE = "orderable", _("what may be ordered")
        ON_SHELF = "on_shelf", _("what lies on the shelf")

    class FirstPairing(models.TextChoices):
        BLUEJET = "bluejet", _("BlueJet's values stay, differences are shown")
        SHOPTET = "shoptet", _("the shop wins")

    name = models.CharField(_("name"), max_length=100)
    eshop_id = models.CharField(_("e-shop ID"), max_length=50, unique=True)
    api_base_url = AddressField(_("Shoptet API address"), max_length=300, default="https://api.myshoptet.com")
    access = models.CharField(_("access"), max_length=10, choices=Access.choices, default=Access.PRIVATE)
    api_token = EncryptedTextField(_("private API token"), blank=True, default="")
    oauth_token = EncryptedTextField(_("OAuth access token"), blank=True, default="")
    oauth_url = AddressField(_("address that issues API tokens"), max_length=300, blank=True, default="")
    webhook_key = EncryptedTextField(_("webhook signature key"), blank=True, default="")
    previous_webhook_key = EncryptedTextField(_("previous signature key"), blank=True, default="")
    key_renewal_until = models.DateTimeField(null=True, blank=True, editable=False)
    addon_event_at = models.DateTimeField(null=True, blank=True, editable=False)
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Prague", validators=[validate_time_zone])
    external_prefix = models.SlugField(_("prefix of external ids"), max_length=30, default="shoptet")
    bluejet = models.ForeignKey(BlueJetAccount, models.PROTECT, related_name="shops", verbose_name=_("BlueJet account"))
    owns_products = models.BooleanField(
        _("owns shared products"), default=True, help_text=_("Where shops share one BlueJet, only one of them writes products.")
    )
    stock_amount = models.CharField(
        _("a stock's amount means"),
        max_length=10,
        choices=StockAmount.choices,
        blank=True,
        default=StockAmount.UNKNOWN,
        help_text=_("Shoptet does not say whether its amount counts what orders hold. The shop's page about the connection finds it out."),
    )
    collective_contact = models.CharField(
        _("contact for sales without a customer"),
        max_length=254,
        blank=True,
        default="",
        help_text=_("E-mail or BlueJet ID of the contact that cash-desk sales without a person belong to. Empty: they have no contact."),
    )
    first_pairing = models.CharField(
        _("first pairing"),
        max_length=10,
        choices=FirstPairing.choices,
        default=FirstPairing.BLUEJET,
        help_text=_("What becomes of a record that BlueJet already had when the portal met it first. Later changes in the shop go over."),
    )
    active = models.BooleanField(_("active"), default=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="", editable=False)
    exchange_rates = models.JSONField(_("exchange rates"), default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["bluejet", "external_prefix"], name="one_external_prefix_per_bluejet"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def signature_keys(self) -> list[str]:
        """The keys that a webhook may be signed with, current first."""
        return [key for key in (self.webhook_key, self.previous_webhook_key) if key]


class Deprecation(models.Model):
    """An endpoint of Shoptet's that the portal uses and that will end, as the answers to a shop's calls say."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="deprecations", verbose_name=_("shop"))
    endpoint = models.CharField(_("endpoint"), max_length=200)
    ends_at = models.DateTimeField(_("ends"), null=True)
    last_seen_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("endpoint that will end")
        verbose_name_plural = _("endpoints that will end")
        ordering = ["shop", "endpoint"]
        constraints = [models.UniqueConstraint(fields=["shop", "endpoint"], name="one_deprecation_per_endpoint")]

    def __str__(self) -> str:
        return self.endpoint


class MissingSection(models.Model):
    """An optional section that a shop's Shoptet does not give, since a module is switched off there; asked for again after a while."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="missing_sections", verbose_name=_("shop"))
    section = models.CharField(_("section"), max_length=100)
    module = models.CharField(_("module"), max_length=200, blank=True, default="")
    first_seen_at = models.DateTimeField(_("first seen"), auto_now_add=True)
    refused_at = models.DateTimeField(_("last refused"))
    look_again_at = models.DateTimeField(_("asked for again from"))

    class Meta:
        verbose_name = _("section without its module")
        verbose_name_plural = _("sections without their module")
        ordering = ["shop", "section"]
        constraints = [models.UniqueConstraint(fields=["shop", "section"], name="one_missing_section_per_shop")]

    def __str__(self) -> str:
        return self.section


class FlowName(models.TextChoices):
    """Every flow: an entity and a direction."""

    PRODUCT_TO_BLUEJET = "product_to_bluejet", _("products to BlueJet")
    STOCK_TO_BLUEJET = "stock_to_bluejet", _("stock to BlueJet")
    CUSTOMER_TO_BLUEJET = "customer_to_bluejet", _("customers to BlueJet")
    ORDER_TO_BLUEJET = "order_to_bluejet", _("orders to BlueJet")


class FlowSetting(models.Model):
    """Whether a flow runs for a shop, and how far it has read its source."""

    class Mode(models.TextChoices):
        OFF = "off", _("off")
        SHADOW = "shadow", _("shadow – compute, write nothing")
        LIVE = "live", _("live")

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="flows", verbose_name=_("shop"))
    flow = models.CharField(_("flow"), max_length=40, choices=FlowName.choices)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.LIVE)
    cursor = models.JSONField(_("cursor"), default=dict, blank=True)
    # The first time that the flow was live: changes from then on are BlueJet's, however often it is switched off and on.
    begins_at = models.DateTimeField(_("brings changes over since"), null=True, blank=True, editable=False)
    # A person's answer about what was held: what was asked for until `release_to` goes over; what came before `release_from` is
    # left out, then and by what looks back later.
    release_to = models.DateTimeField(null=True, blank=True, editable=False)
    release_from = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("flow setting")
        verbose_name_plural = _("flow settings")
        ordering = ["shop", "flow"]
        constraints = [models.UniqueConstraint(fields=["shop", "flow"], name="one_setting_per_shop_and_flow")]

    def __str__(self) -> str:
        return f"{self.shop} – {self.get_flow_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Note when the flow is live for the first time, unless only other columns are saved."""
        if self.is_live and self.begins_at is None and not kwargs.get("update_fields"):
            self.begins_at = timezone.now()
        super().save(*args, **kwargs)

    @property
    def is_live(self) -> bool:
        """Whether the flow writes."""
        return self.mode == self.Mode.LIVE

    @property
    def was_ever_live(self) -> bool:
        """Whether the flow has written before, so that what comes now must not be lost."""
        return self.begins_at is not None
