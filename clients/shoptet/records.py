"""The flat records that the client makes of Shoptet's answers; ids are text, amounts Decimal, times ISO 8601 text."""

from __future__ import annotations

from decimal import Decimal
from typing import TypedDict


class NamedRef(TypedDict):
    """Something that Shoptet names by id."""

    id: str
    name: str


class NamedValue(TypedDict):
    """A parameter and its value."""

    name: str
    value: str


class ActionPrice(TypedDict):
    """A price for a time, with VAT or without as the variant's own; the days are ISO dates, the last included, None without a bound."""

    price: Decimal
    priceWithVat: Decimal | None
    priceWithoutVat: Decimal | None
    fromDate: str | None
    toDate: str | None


class RecyclingFee(TypedDict):
    """What is paid for the recycling of one `unit` (pcs or kg); an order's fee is in the order's currency, and says none."""

    fee: Decimal | None
    category: str
    unit: str
    currency: str


class StockAmount(TypedDict):
    """What one stock holds of a variant; `amount` is what can be ordered."""

    stockId: str
    amount: Decimal | None
    claim: Decimal
    location: str
    changedAt: str | None


class PriceListPrice(TypedDict):
    """A variant's price in one price list."""

    id: str
    price: Decimal | None
    currency: str
    includingVat: bool
    vatRate: Decimal
    purchasePrice: Decimal | None


class SetItem(TypedDict):
    """What a product set is made of."""

    code: str
    guid: str
    amount: Decimal


class ProductRecord(TypedDict):
    """One variant of a product."""

    id: str
    code: str
    guid: str
    productName: str
    variantName: str
    name: str
    description: str
    shortDescription: str
    price: Decimal | None
    priceWithVat: Decimal | None
    priceWithoutVat: Decimal | None
    includingVat: bool
    vatRate: Decimal
    currency: str
    purchasePrice: Decimal | None
    purchasePriceWithoutVat: Decimal | None
    commonPrice: Decimal | None
    actionPrice: ActionPrice | None
    recyclingFee: RecyclingFee | None
    quantity: Decimal | None
    unit: str
    ean: str
    manufacturerCode: str
    weight: Decimal | None
    brand: str
    supplier: str
    categoryId: str
    categoryName: str
    categories: list[NamedRef]
    imageUrl: str
    images: list[str]
    variantParameters: list[NamedValue]
    descriptiveParameters: list[NamedValue]
    visible: bool
    visibility: str
    type: str
    warranty: str
    url: str
    internalNote: str
    setItems: list[SetItem]
    stocks: list[StockAmount]
    priceLists: list[PriceListPrice]
    createdAt: str | None
    changedAt: str | None
    siblings: list[str]


class StockRecord(TypedDict):
    """What one stock holds of one variant; amounts are None where the shop does not count the variant.

    `onHand`, `reserved` and `available` are not on the wire: they follow from what the shop means by its amount.
    """

    id: str
    stockId: str
    code: str
    productGuid: str
    amount: Decimal | None
    claim: Decimal
    onHand: Decimal | None
    reserved: Decimal
    available: Decimal | None
    location: str
    changedAt: str | None


class AddressRecord(TypedDict):
    """A postal address; `street` includes the house number."""

    company: str
    fullName: str
    street: str
    houseNumber: str
    city: str
    district: str
    additional: str
    zip: str
    country: str
    region: str


class DeliveryAddressRecord(AddressRecord):
    """One of a customer's delivery addresses."""

    id: str
    isDefault: bool


class AccountRecord(TypedDict):
    """A person who may log in for a customer."""

    id: str
    fullName: str
    email: str
    phone: str
    main: bool


class CustomerRecord(TypedDict):
    """A registered customer."""

    id: str
    guid: str
    firstName: str
    lastName: str
    fullName: str
    email: str
    phone: str
    company: str
    companyId: str
    vatId: str
    taxId: str
    dic: str
    icDph: str
    isCompany: bool
    billingAddress: AddressRecord
    deliveryAddresses: list[DeliveryAddressRecord]
    accounts: list[AccountRecord]
    group: NamedRef | None
    priceListId: str
    priceRatio: Decimal | None
    remark: str
    birthDate: str
    disabledOrders: bool
    createdAt: str | None
    changedAt: str | None


class OrderCustomer(TypedDict):
    """Who ordered, as the order itself says."""

    firstName: str
    lastName: str
    fullName: str
    email: str
    phone: str
    company: str
    companyId: str
    vatId: str
    taxId: str
    dic: str
    icDph: str
    isCompany: bool


class VatShare(TypedDict):
    """The part of a sum that carries one VAT rate."""

    vatRate: Decimal
    withVat: Decimal
    withoutVat: Decimal
    vat: Decimal


class OrderItem(TypedDict):
    """One line of an order that carries money; `total` is after discount and quantity."""

    id: str
    productId: str
    code: str
    type: str
    name: str
    variantName: str
    ean: str
    quantity: Decimal
    unit: str
    unitPrice: Decimal
    unitPriceWithoutVat: Decimal
    vatRate: Decimal
    total: Decimal
    totalWithoutVat: Decimal
    vat: Decimal
    purchasePrice: Decimal | None
    discountRatio: Decimal
    parentSetItemId: str
    components: list[SetComponent]
    recyclingFee: RecyclingFee | None
    weight: Decimal | None
    remark: str
    additionalField: str
    stockLocation: str
    surcharges: list[str]
    vatBreakdown: list[VatShare]


class SetComponent(TypedDict):
    """What is in a set that was ordered: goods without money of their own."""

    parentItemId: str
    productId: str
    code: str
    name: str
    quantity: Decimal
    unit: str


class ShippingRef(NamedRef):
    """How the order travels: its carrier and service by their codes, and the pick-up point where there is one.

    `carrierId` is the carrier's number at Packeta outside of Czechia.
    """

    branchId: str
    branchName: str
    carrier: str
    service: str
    carrierId: str


class AdditionalField(TypedDict):
    """One of the order's six free fields."""

    index: int
    label: str
    text: str


class OrderRecord(TypedDict):
    """An order; amounts are in its own currency.

    `exchangeRate` and `invoicingRate` are what one unit of it was worth in the shop's own currency; the order flow makes them, and
    `totalCzk`, Czech crowns.
    """

    id: str
    number: str
    guid: str
    externalCode: str
    createdAt: str | None
    changedAt: str | None
    status: str
    statusName: str
    customerId: str | None
    customer: OrderCustomer
    billingAddress: AddressRecord
    deliveryAddress: AddressRecord | None
    addressesEqual: bool
    items: list[OrderItem]
    setComponents: list[SetComponent]
    total: Decimal
    totalWithoutVat: Decimal
    vat: Decimal
    toPay: Decimal
    rounding: Decimal
    currency: str
    exchangeRate: Decimal | None
    invoicingRate: Decimal | None
    totalCzk: Decimal | None
    paid: bool | None
    payment: NamedRef | None
    shipping: ShippingRef | None
    customerRemark: str
    eshopRemark: str
    trackingNumber: str
    trackingUrl: str
    additionalFields: list[AdditionalField]
    language: str
    source: str
    salesChannelId: str
    stockId: str
    cashDesk: bool
    vatPayer: bool | None
    vatMode: str
    billingMethod: str
