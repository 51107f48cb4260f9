"""Every issue's code with its two sentences: what happened, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sync.issue_words import Text

TEXTS: dict[str, Text] = {
    "unmapped_status": Text(
        _("The order status “%(label)s” (%(value)s) has no counterpart in BlueJet."),
        _("Add it to the status mappings; the waiting orders go on by themselves."),
        "mappings_statusmapping",
    ),
    "unmapped_category": Text(
        _("The category “%(label)s” (%(value)s) has no counterpart in BlueJet."),
        _("Add it to the category mappings; the waiting products go on by themselves."),
        "mappings_categorymapping",
    ),
    "unmapped_payment": Text(
        _("The payment method “%(label)s” has no counterpart in BlueJet."),
        _("Add it to the payment method mappings."),
        "mappings_paymentmapping",
    ),
    "unmapped_payment_state": Text(
        _("The payment state “%(label)s” has no counterpart in BlueJet."),
        _("Add it to the payment state mappings."),
        "mappings_paymentstatemapping",
    ),
    "unmapped_shipping": Text(
        _("The shipping method “%(label)s” has no counterpart in BlueJet."),
        _("Add it to the shipping method mappings."),
        "mappings_shippingmapping",
    ),
    "unmapped_warehouse": Text(
        _("The stock “%(label)s” (%(value)s) has no BlueJet warehouse."),
        _("Add it to the warehouse mappings."),
        "mappings_warehousemapping",
    ),
    "unmapped_price_list": Text(
        _("The price list “%(label)s” has no counterpart in BlueJet."),
        _("Add it to the price list mappings."),
        "mappings_pricelistmapping",
    ),
    "unmapped_customer_group": Text(
        _("The customer group “%(label)s” has no counterpart in BlueJet."),
        _("Add it to the customer group mappings."),
        "mappings_customergroupmapping",
    ),
    "required_missing": Text(
        _("The field “%(field)s” is required in BlueJet and Shoptet gave no value for it."),
        _("Fill it in in Shoptet, or give the mapping row a default."),
        "mappings_fieldmapping",
    ),
    "mapping_failed": Text(
        _("The mapping of the field “%(field)s” failed: %(reason)s"),
        _("Correct the expression or the transform of that mapping row."),
        "mappings_fieldmapping",
    ),
    "value_unusable": Text(
        _("The field “%(field)s” could not be filled: %(reason)s"),
        _("Correct the value in Shoptet; if it is right there, correct the transform of that mapping row."),
        "mappings_fieldmapping",
    ),
    "value_left_out": Text(
        _("The field “%(field)s” was left out: %(reason)s"),
        _("Correct the value in Shoptet; the record was sent without it. If the value is right there, look at the mapping row."),
    ),
    "unreadable_value": Text(
        _("The field “%(field)s” could not be read at Shoptet: %(reason)s. It was left out."),
        _("Correct it in Shoptet and save the record there; it was sent without it."),
        words=("reason",),
    ),
    "unreadable_rows": Text(
        _("%(count)s rows of Shoptet's list could not be read and were left out, the first: %(first)s"),
        _("Look at these records in Shoptet and save them there; the others were read."),
    ),
    "schema_type": Text(
        _("The field “%(field)s” takes %(expected)s, not “%(value)s”."),
        _("Correct the value in Shoptet or the mapping row that fills it."),
        "mappings_fieldmapping",
        ("expected",),
    ),
    "schema_too_long": Text(
        _("The field “%(field)s” takes at most %(limit)s characters, “%(value)s” has %(length)s."),
        _("Shorten it in Shoptet, or add the transform “truncate” to the mapping row."),
        "mappings_fieldmapping",
    ),
    "schema_choice": Text(
        _("The field “%(field)s” does not take “%(value)s”, only: %(choices)s."),
        _("Correct the value in the mapping table or the mapping row that fills it."),
        "mappings_fieldmapping",
    ),
    "schema_format": Text(
        _("The field “%(field)s” takes %(expected)s, not “%(value)s”."),
        _("Correct the value in Shoptet or the mapping row that fills it."),
        "mappings_fieldmapping",
        ("expected",),
    ),
    "schema_range": Text(
        _("The field “%(field)s” takes %(side)s %(limit)s, not %(value)s."),
        _("Correct the value in Shoptet or the mapping row that fills it."),
        "mappings_fieldmapping",
        ("side",),
    ),
    "bad_email": Text(_("“%(value)s” is not an e-mail address."), _("Correct it in Shoptet; it is not sent to BlueJet.")),
    "bad_phone": Text(_("“%(value)s” is not a telephone number."), _("Correct it in Shoptet; the record was sent as it is.")),
    "bad_company_id": Text(
        _("“%(value)s” is not a company number (IČO), so the company is shared with nobody."),
        _("Correct it in Shoptet; the record was sent as it is."),
    ),
    "tax_number_left_out": Text(
        _("The tax number %(value)s has no place in BlueJet beside %(kept)s."),
        _("If you need it, give the field taxId a column of its own in the mapping of companies."),
        "mappings_fieldmapping",
    ),
    "price_not_positive": Text(_("The price %(value)s is not above zero."), _("Set a price in Shoptet.")),
    "address_incomplete": Text(
        _("The customer's address lacks %(missing)s."), _("Complete it in Shoptet; the record was sent as it is."), words=("missing",)
    ),
    "total_differs": Text(
        _("The lines add up to %(lines)s %(currency)s (%(rates)s), the order says %(total)s %(currency)s."),
        _("Check the order in Shoptet: save it there again, or correct the line."),
    ),
    "total_missing": Text(_("The order has no total."), _("Save the order in Shoptet again; then send it again.")),
    "line_without_amount": Text(_("The line “%(name)s” has no amount."), _("Give the line a price in Shoptet and save the order.")),
    "draft_total_differs": Text(
        _("The lines made for BlueJet add up to %(lines)s %(currency)s, the order's own lines to %(total)s %(currency)s."),
        _("Correct the mapping rows of the order lines: one of them takes a wrong amount."),
        "mappings_fieldmapping",
    ),
    "draft_rate_differs": Text(
        _("At %(rate)s %% VAT the lines made for BlueJet add up to %(lines)s %(currency)s, the order's own to %(total)s %(currency)s."),
        _("Correct the mapping rows of the order lines: one of them takes a wrong VAT rate."),
        "mappings_fieldmapping",
    ),
    "header_total_differs": Text(
        _("The document made for BlueJet has the total %(value)s %(currency)s, the order says %(total)s %(currency)s."),
        _("Correct the mapping row that fills the document's total."),
        "mappings_fieldmapping",
    ),
    "vat_differs": Text(
        _("The VAT of the lines is %(lines)s %(currency)s, the order says %(total)s %(currency)s."),
        _("Check the VAT rates of the lines in Shoptet; the order was sent as it is."),
    ),
    "to_pay_differs": Text(
        _("The amount to pay, %(to_pay)s %(currency)s, differs from the total by %(value)s, which is more than rounding."),
        _("Look in Shoptet for a deposit or a part payment that is not a line of the order, and add it there."),
    ),
    "exchange_rate_missing": Text(
        _("The order is in %(currency)s and has no exchange rate above zero."),
        _("Set the rate of the currency in Shoptet, save the order and send it again."),
    ),
    "exchange_rate_one": Text(
        _("The order is in %(currency)s with the exchange rate 1, which is none to CZK: its amount in CZK is by the shop's own rate."),
        _("Check the rate of the currency in Shoptet."),
    ),
    "crowns_unknown": Text(
        _("The order is in %(currency)s, and nothing in the shop says what that is in CZK: the amount in CZK was left out."),
        _("If BlueJet is to know it, add CZK to the shop's currencies in Shoptet, with its rate, and send the order again."),
    ),
    "duplicate_line": Text(
        _("%(count)s lines of the order have the same ID %(id)s."),
        _("Save the order in Shoptet again; if it stays, delete one of the lines there."),
    ),
    "identity_missing": Text(
        _("The field “%(field)s” holds no external ID; without it the record could be made twice."),
        _("Put back the mapping row that fills the external ID."),
        "mappings_fieldmapping",
    ),
    "status_unknown": Text(
        _("So far nobody saw the state “%(value)s” in BlueJet."),
        _("If BlueJet has no such state, correct the status mapping or the mapping row that fills the state."),
        "mappings_statusmapping",
    ),
    "rounding_line": Text(
        _("The amount to pay is rounded by %(value)s %(currency)s; a rounding line was added."), _("Nothing; this is for information.")
    ),
    "stock_insufficient": Text(
        _("More of %(code)s was ordered than there is: Shoptet counts %(available)s."),
        _("Check the stock of the product; it was sent as it is."),
    ),
    "order_number_reused": Text(
        _("An earlier order had the number %(code)s, too; its document %(ids)s in BlueJet was left as it is."),
        _("Look whether the earlier order was deleted in Shoptet, and if so cancel its document in BlueJet."),
    ),
    "same_code": Text(
        _("Shoptet shows %(count)s variants with the code %(code)s; none of them was written, and what BlueJet holds stays."),
        _("Give each variant a code of its own in Shoptet; then this goes on by itself."),
    ),
    "same_key": Text(
        _("BlueJet would take %(own)s and %(other)s for one record: it does not tell %(value)s apart by the case of letters or by blanks."),
        _("Change one of the two in Shoptet, or join them there; then send this again. What BlueJet holds already stays."),
    ),
    "stock_unknown": Text(
        _("Shoptet does not tell how many pieces of %(code)s there are in the stock %(stock)s; BlueJet's card was left as it is."),
        _("If the pieces are to be counted, fill the amount in in Shoptet."),
    ),
    "product_gone": Text(
        _("The product %(code)s does not exist in Shoptet any more; its line goes as text."), _("Nothing; this is for information.")
    ),
    "product_not_brought": Text(
        _("The product %(code)s is not in BlueJet, and nothing brings it there: the products' flow is not live."),
        _("Switch that flow on, and send this again. Until then a line of an order goes as text."),
        "shops_flowsetting",
    ),
    "waits_for_product": Text(
        _("The order waits for the product %(code)s to reach BlueJet."), _("Nothing yet. If it lasts, look at that product's job.")
    ),
    "waits_for_customer": Text(
        _("The order waits for its customer to reach BlueJet."), _("Nothing yet. If it lasts, look at that customer's job.")
    ),
    "collective_contact_unknown": Text(
        _("BlueJet holds %(count)s contacts “%(value)s”, which sales without a customer should belong to; the document has none."),
        _("Name exactly one contact in the shop's settings, by its e-mail or its BlueJet ID, and send the order again."),
        "shops_shop",
    ),
    "waited_too_long": Text(
        _("It has waited since %(since)s for %(topic)s."), _("Look at the job it waits for, put it right, and send this one again.")
    ),
    "candidates": Text(
        _("BlueJet holds %(count)s records that could be this one: %(ids)s."),
        _("Leave one of them in BlueJet, or write the external ID %(external_id)s to the right one, and send it again."),
    ),
    "foreign_record": Text(
        _("BlueJet's record %(ids)s has the same key %(field)s but belongs to %(owner)s."),
        _("Decide which of the two is right; change the key of the other, and send it again."),
    ),
    "refused": Text(
        _("%(partner)s refused the record: %(message)s"), _("Correct what it names and send the record again. Request ID: %(request_id)s")
    ),
    "credentials_refused": Text(
        _("%(partner)s does not accept the credentials: %(message)s"),
        _("Write the right ones on the page that this leads to. Everything that waits for them goes on by itself."),
        "partner",
    ),
    "right_missing": Text(
        _("%(partner)s lets the portal in, but does not let it %(right)s: %(message)s"),
        _("Have the right added: in Shoptet to the token, in BlueJet to the portal's user. Then it goes on by itself."),
        "partner",
    ),
    "other_eshop": Text(
        _("The token belongs to another e-shop: %(message)s"),
        _("Copy the token from the administration of the shop that is set up here."),
        "partner",
    ),
    "module_missing": Text(
        _("The shop lacks a module at %(partner)s that this needs: %(message)s"),
        _("Switch the module on there, or this flow off here; then send the record again. Request ID: %(request_id)s"),
        "shops_shop",
    ),
    "stock_not_told": Text(
        _("Shoptet tells no amount of %(code)s: its module for stock is not active, and no warehouse's list names the variant."),
        _("Nothing was changed in BlueJet. Switch the module on in Shoptet if its stock is to be brought over."),
        "shops_shop",
    ),
    "unavailable": Text(_("%(partner)s does not answer: %(message)s"), _("Nothing; it is tried again by itself until it answers.")),
    "malformed": Text(
        _("%(partner)s sent an answer that cannot be used: %(message)s"),
        _("Nothing; it is asked again by itself. If it stays, report the request ID %(request_id)s to the partner."),
    ),
    "no_usable_answer": Text(
        _("%(partner)s has given no usable answer for this record since %(since)s, although it answers for others."),
        _("Look at the record there, save it again if you can, and send it again; else report it to the partner."),
    ),
    "outcome_unknown": Text(
        _("%(partner)s did not confirm the write."), _("Nothing; the portal looks whether it was written before it writes again.")
    ),
    "not_read_back": Text(
        _("BlueJet holds %(seen_lines)s lines and %(seen_total)s, sent were %(lines)s lines and %(total)s."),
        _("Compare the document in BlueJet with the order and send it again."),
    ),
    "changed_in_bluejet": Text(
        _("Field “%(place)s”: BlueJet had “%(theirs)s”, Shoptet says “%(ours)s”; %(done)s."),
        _("Nothing, if that is right. Otherwise correct it in Shoptet, or in BlueJet."),
        words=("done",),
    ),
    "more_changed_in_bluejet": Text(
        _("%(count)s more fields say something else in BlueJet: %(fields)s."),
        _("Compare the record in BlueJet with the one in Shoptet; later changes in Shoptet go over."),
    ),
    "line_deleted_in_bluejet": Text(
        _("The line “%(line)s” was deleted in BlueJet; %(done)s."),
        _("Nothing, if that is right. Otherwise correct the order in Shoptet, or the document in BlueJet."),
        words=("done",),
    ),
    "lines_added_in_bluejet": Text(
        _("BlueJet holds %(count)s lines more than the order; somebody added them there, and they stay."),
        _("Nothing, if that is right. The sum of the document differs from the order's by these lines."),
    ),
    "update_resets": Text(
        _("This BlueJet emptied columns that an update did not name: %(fields)s. They were given back at once."),
        _("Nothing; from now on such records are read before each write and written whole. That takes one request more for each."),
        "shops_bluejetaccount",
    ),
    "source_missing": Text(
        _("Shoptet does not know %(key)s."), _("It was probably deleted there. Send it again if you think that it exists.")
    ),
    "many_deletes": Text(
        _("%(count)s deletions within an hour are more than expected; they are held."),
        _("Check in Shoptet that they are meant, then send these jobs again."),
    ),
    "held_delete": Text(_("%(key)s was deleted in Shoptet."), _("Send it again to archive it in BlueJet.")),
    "gone_in_bluejet": Text(
        _("BlueJet does not hold the record %(id)s any more; somebody deleted it there."),
        _("Send it again to make it anew, or leave it deleted."),
    ),
    "flow_off": Text(
        _("This flow was switched off for the shop when the record came; it is held."),
        _("Nothing is lost: once the flow is live, somebody says on the page about held records what goes over."),
        "shops_held",
    ),
    "flow_shadow": Text(
        _("This flow only computed when the record came; it is held and not written to BlueJet."),
        _("Nothing is lost: once the flow is live, somebody says on the page about held records what goes over."),
        "shops_held",
    ),
    "flow_never_live": Text(
        _("This flow has never been live for the shop, so nothing is held for it."),
        _("Switch it on in the shop's flow settings; its first pass brings everything over."),
        "shops_flowsetting",
    ),
    "held_closed": Text(
        _("It came while this flow was off; whoever switched the flow on left out what came before %(from)s."),
        _("Send it again if BlueJet is to have it after all; a later change in Shoptet and a pass over everything bring it, too."),
    ),
    "shop_inactive": Text(
        _("The shop is switched off in the portal."),
        _("Nothing; it goes on by itself once the shop is active again."),
        "shops_shop",
    ),
    "busy": Text(_("Another worker is writing the same record."), _("Nothing; it is tried again in a moment.")),
    "stale": Text(_("BlueJet already holds a later state of the record."), _("Nothing; this is for information.")),
    "overtaken": Text(
        _("Version %(version)s of the mappings came into force meanwhile, and BlueJet already holds the record by it."),
        _("Nothing; the record is looked at again by the new mappings."),
    ),
    "source_behind": Text(_("Shoptet did not yet show the change that it announced."), _("Nothing; it is read again by itself.")),
    "defect": Text(_("The portal itself failed: %(reason)s"), _("Tell the developers; the traceback is below.")),
    "worker_lost": Text(
        _("The worker that was at this record did not come back, %(tries)s times in a row: most likely it had no memory left."),
        _("Look how large the record is in Shoptet and how much memory a worker has, then send it again; else tell the developers."),
    ),
    "unusable_key": Text(
        _("Shoptet names this record “%(key)s”, which the portal cannot keep: it is longer than 255 characters or holds foreign ones."),
        _("Give the record another code in Shoptet; what is called so is left out until then."),
    ),
    "shared_product": Text(
        _("%(code)s is not in BlueJet yet, and this shop does not own the products of its BlueJet account: another shop brings them."),
        _("Bring it from the shop that owns the products, or tick “owns shared products” on this shop's page and untick it there."),
        "shops_shop",
    ),
    "waits_for_shared_product": Text(
        _("The order waits for the product %(code)s. Another shop brings it: this one does not own the products of its BlueJet account."),
        _("Bring it from the shop that owns the products, or tick “owns shared products” on this shop's page and untick it there."),
        "shops_shop",
    ),
    "stock_of_another_shop": Text(
        _("The amount of %(code)s in the warehouse %(warehouse)s is written by the shop %(shop)s; this shop's own was not sent."),
        _("Nothing, if that is right. Else tick “owns shared stock” on this shop's page and untick it there, or map another one."),
        "shops_shop",
    ),
    "kept_for_other_shop": Text(
        _("%(key)s was deleted in this shop; BlueJet's record stays, since it belongs to this shop, too: %(shops)s."),
        _("Nothing; it is put away when the last shop has deleted it."),
    ),
}
