"""What staff edit: how a record of one side becomes a record of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from mappings.checks import check_row
from mappings.compiled import Row
from mappings.pairs import rows_written_both_ways
from shops.models import Shop

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


class Entity(models.TextChoices):
    """What a row translates."""

    PRODUCT = "product", _("product")
    STOCK = "stock", _("stock")
    CONTACT = "contact", _("contact")
    COMPANY = "company", _("company")
    ADDRESS = "address", _("address")
    ORDER = "order", _("order")
    ORDER_LINE = "order_line", _("order line")


class Direction(models.TextChoices):
    """Which side is the source."""

    TO_BLUEJET = "to_bluejet", _("Shoptet → BlueJet")
    TO_SHOPTET = "to_shoptet", _("BlueJet → Shoptet")


class FieldMapping(models.Model):
    """One field of the target and where its value comes from."""

    class When(models.TextChoices):
        ALWAYS = "always", _("always")
        CREATE = "create", _("on create only")

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="field_mappings", verbose_name=_("shop"))
    entity = models.CharField(_("entity"), max_length=20, choices=Entity.choices)
    direction = models.CharField(_("direction"), max_length=20, choices=Direction.choices, default=Direction.TO_BLUEJET)
    source = models.CharField(
        _("source expression"), max_length=500, blank=True, default="", help_text=_("JMESPath over the source record.")
    )
    target = models.CharField(_("target field"), max_length=100)
    transform = models.CharField(_("transform"), max_length=500, blank=True, default="")
    default = models.CharField(_("default"), max_length=255, blank=True, default="")
    required = models.BooleanField(_("required"), default=False)
    when = models.CharField(_("written"), max_length=10, choices=When.choices, default=When.ALWAYS)
    active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("field mapping")
        verbose_name_plural = _("field mappings")
        ordering = ["shop", "entity", "direction", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "entity", "direction", "target"],
                condition=models.Q(active=True),
                name="one_active_row_per_target_field",
                violation_error_message=_("Another active row already fills this target field; switch one of the two off."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source or self.default} → {self.target}"

    def clean(self) -> None:
        """Refuse what the engine could not run, field by field, with a sentence each."""
        found = check_row(self.as_row())
        if not found and self.shop_id and self._is_written_both_ways():
            found["when"] = str(_("This pair of fields is always written in the other direction; one side must be the master."))
        if found:
            raise ValidationError(found)

    def _is_written_both_ways(self) -> bool:
        others = FieldMapping.objects.filter(shop_id=self.shop_id, entity=self.entity, active=True).exclude(pk=self.pk)
        rows = [*(other.as_row() for other in others), self.as_row()]
        return any(number == len(rows) - 1 for number, _other in rows_written_both_ways(rows))

    def as_row(self) -> Row:
        """Return the row without its shop, as the engine and the packs know it."""
        return Row(
            entity=self.entity,
            target=self.target,
            source=self.source,
            transform=self.transform,
            default=self.default,
            required=self.required,
            when=self.when,
            direction=self.direction,
            active=self.active,
            position=self.position,
        )


class ValueMapping(models.Model):
    """A pair of partner values; by id, with names for people."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="%(class)ss", verbose_name=_("shop"))
    shoptet_id = models.CharField(_("Shoptet id"), max_length=255)
    shoptet_name = models.CharField(_("name in Shoptet"), max_length=255, blank=True, default="")
    bluejet_value = models.CharField(_("value in BlueJet"), max_length=255)
    bluejet_name = models.CharField(_("name in BlueJet"), max_length=255, blank=True, default="")

    class Meta:
        abstract = True
        ordering = ["shop", "shoptet_name", "shoptet_id"]

    def __str__(self) -> str:
        return f"{self.shoptet_name or self.shoptet_id} → {self.bluejet_name or self.bluejet_value}"


def _one_row_per_value(name: str, sentence: StrPromise) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(fields=["shop", "shoptet_id"], name=f"one_{name}_per_shoptet_id", violation_error_message=sentence),
    ]


class CategoryMapping(ValueMapping):
    """A Shoptet category and its name in BlueJet."""

    class Meta(ValueMapping.Meta):
        verbose_name = _("category mapping")
        verbose_name_plural = _("category mappings")
        constraints = _one_row_per_value("category", _("This category already has a row; change that one."))


class StatusMapping(ValueMapping):
    """An order status, the kind of BlueJet document it leads to, and the state there."""

    class Document(models.TextChoices):
        OFFER = "offer", _("Nabídka")
        ORDER = "order", _("Objednávka")

    document = models.CharField(_("document"), max_length=10, choices=Document.choices, default=Document.OFFER)
    cancels = models.BooleanField(_("cancels the document"), default=False)

    class Meta(ValueMapping.Meta):
        verbose_name = _("status mapping")
        verbose_name_plural = _("status mappings")
        constraints = _one_row_per_value("status", _("This status already has a row; change that one."))


class PaymentMapping(ValueMapping):
    """A payment method."""

    class Meta(ValueMapping.Meta):
        verbose_name = _("payment method mapping")
        verbose_name_plural = _("payment method mappings")
        constraints = _one_row_per_value("payment", _("This payment method already has a row; change that one."))


class PaymentStateMapping(ValueMapping):
    """What BlueJet calls an order that is paid, not paid, or of which Shoptet does not say; the ids are in `mappings.tables`."""

    class Meta(ValueMapping.Meta):
        verbose_name = _("payment state mapping")
        verbose_name_plural = _("payment state mappings")
        constraints = _one_row_per_value("payment_state", _("This payment state already has a row; change that one."))


class ShippingMapping(ValueMapping):
    """A shipping method."""

    class Meta(ValueMapping.Meta):
        verbose_name = _("shipping method mapping")
        verbose_name_plural = _("shipping method mappings")
        constraints = _one_row_per_value("shipping", _("This shipping method already has a row; change that one."))


class WarehouseMapping(ValueMapping):
    """A Shoptet stock, the BlueJet warehouse, and which side is the master."""

    class Master(models.TextChoices):
        SHOPTET = "shoptet", _("Shoptet")
        BLUEJET = "bluejet", _("BlueJet")

    master = models.CharField(_("master"), max_length=10, choices=Master.choices, default=Master.SHOPTET)

    class Meta(ValueMapping.Meta):
        verbose_name = _("warehouse mapping")
        verbose_name_plural = _("warehouse mappings")
        constraints = _one_row_per_value("warehouse", _("This stock already has a row; change that one."))


class PriceListMapping(ValueMapping):
    """A price list."""

    class Meta(ValueMapping.Meta):
        verbose_name = _("price list mapping")
        verbose_name_plural = _("price list mappings")
        constraints = _one_row_per_value("price_list", _("This price list already has a row; change that one."))


class CustomerGroupMapping(ValueMapping):
    """A group of customers."""

    class Meta(ValueMapping.Meta):
        verbose_name = _("customer group mapping")
        verbose_name_plural = _("customer group mappings")
        constraints = _one_row_per_value("customer_group", _("This customer group already has a row; change that one."))


class TablePolicy(models.Model):
    """What becomes of a record whose value has no row in a table; without a policy the field mapping's own word holds."""

    class Missing(models.TextChoices):
        PARK = "park", _("hold the record until the value is mapped")
        DEFAULT = "default", _("use a default")

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="table_policies", verbose_name=_("shop"))
    table = models.CharField(_("table"), max_length=30)
    missing = models.CharField(_("where a row is missing"), max_length=10, choices=Missing.choices)
    default_value = models.CharField(_("default"), max_length=255, blank=True, default="")
    document = models.CharField(_("document"), max_length=10, blank=True, default="", choices=StatusMapping.Document.choices)

    class Meta:
        verbose_name = _("policy of a table")
        verbose_name_plural = _("policies of the tables")
        ordering = ["shop", "table"]
        constraints = [models.UniqueConstraint(fields=["shop", "table"], name="one_policy_per_table")]

    def __str__(self) -> str:
        return f"{self.table}: {self.default_value or self.missing}"

    def clean(self) -> None:
        """Refuse a default that nobody filled in, and one that would write two stocks into one warehouse."""
        if self.missing != self.Missing.DEFAULT:
            return
        if self.table == "warehouse":
            raise ValidationError({"missing": _("Stocks without a warehouse cannot share one: one amount would overwrite the other.")})
        if not self.default_value.strip():
            raise ValidationError({"default_value": _("Say which default.")})
        if self.table == "status" and not self.document:
            raise ValidationError({"document": _("Say which document an order with an unknown status becomes.")})


class Side(models.TextChoices):
    """Whose value it is."""

    SHOPTET = "shoptet", _("Shoptet")
    BLUEJET = "bluejet", _("BlueJet")


class PartnerList(models.Model):
    """One of a partner's lists of values: when it was read last, and whether it is the whole list."""

    class Origin(models.TextChoices):
        LIST = "list", _("the partner's own list")
        USED = "used", _("values found in the partner's records")

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="partner_lists", verbose_name=_("shop"))
    side = models.CharField(_("side"), max_length=10, choices=Side.choices)
    table = models.CharField(_("table"), max_length=30)
    origin = models.CharField(_("where from"), max_length=10, choices=Origin.choices)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("list of a partner")
        verbose_name_plural = _("lists of the partners")
        ordering = ["shop", "table", "side"]
        constraints = [models.UniqueConstraint(fields=["shop", "side", "table"], name="one_list_per_side_and_table")]

    def __str__(self) -> str:
        return f"{self.get_side_display()}: {self.table}"


class PartnerValue(models.Model):
    """A value that a partner holds, as its list said when it was read last."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="partner_values", verbose_name=_("shop"))
    side = models.CharField(_("side"), max_length=10, choices=Side.choices)
    table = models.CharField(_("table"), max_length=30)
    value = models.CharField(_("value"), max_length=255)
    name = models.CharField(_("name"), max_length=255, blank=True, default="")
    parent = models.CharField(_("parent"), max_length=255, blank=True, default="")
    position = models.PositiveIntegerField(_("position"), default=0)
    seen_at = models.DateTimeField(_("last seen"))
    vanished_at = models.DateTimeField(_("vanished"), null=True, blank=True)

    class Meta:
        verbose_name = _("value of a partner")
        verbose_name_plural = _("values of the partners")
        ordering = ["shop", "table", "side", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["shop", "side", "table", "value"], name="one_row_per_partner_value")]

    def __str__(self) -> str:
        return self.name or self.value


class MappingVersion(models.Model):
    """A shop's whole set of mappings at one moment: who changed it, when, and what it was."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="mapping_versions", verbose_name=_("shop"))
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    digest = models.CharField(_("digest"), max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("author"))
    comment = models.CharField(_("comment"), max_length=255, blank=True, default="")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("mapping version")
        verbose_name_plural = _("mapping versions")
        ordering = ["shop", "-number"]
        constraints = [models.UniqueConstraint(fields=["shop", "number"], name="one_version_per_number")]

    def __str__(self) -> str:
        return f"{self.shop} v{self.number}"


class FollowedPack(models.Model):
    """The default rows as a shop followed them last, and the changes of them that its people have yet to decide on."""

    shop = models.OneToOneField(Shop, models.CASCADE, related_name="followed_pack", verbose_name=_("shop"))
    dialect = models.CharField(max_length=10)
    rows = models.JSONField(default=list)
    offers = models.JSONField(default=list)
    followed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.shop} ({self.dialect})"


class MappingDraft(models.Model):
    """What staff are working on: a whole set of mappings that takes effect only when it is activated."""

    shop = models.OneToOneField(Shop, models.CASCADE, related_name="mapping_draft", verbose_name=_("shop"))
    content = models.JSONField(_("content"))
    base = models.PositiveIntegerField(_("begun from version"))
    revision = models.PositiveIntegerField(_("revision"), default=1)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("last edited by")
    )
    changed_at = models.DateTimeField(_("last edited"), auto_now=True)

    class Meta:
        verbose_name = _("mapping draft")
        verbose_name_plural = _("mapping drafts")
        permissions = [("activate_mapping", "Can activate a draft of the mappings")]

    def __str__(self) -> str:
        return f"{self.shop} v{self.base} + {self.revision}"
