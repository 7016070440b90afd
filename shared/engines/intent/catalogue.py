"""The intents that the shipped model knows, each with what it means: the line between two neighbours is drawn here."""

from __future__ import annotations

from shared.engines.intent import OUT_OF_SCOPE

INTENTS: dict[str, str] = {
    "cancel_order": "Call off an order that has been placed.",
    "change_order": "Change what is in an order: add, remove, swap, another size or quantity.",
    "place_order": "Buy something, or get help with buying it.",
    "track_order": "Where an order is, how far it has come.",
    "check_refund_policy": "When and on which conditions money is given back; the rules, not one's own refund.",
    "get_refund": "Get one's own money back.",
    "track_refund": "How far a refund that was asked for has come.",
    "delivery_options": "Which ways of shipping there are, where to, at what price.",
    "delivery_period": "How long shipping takes, when something will arrive.",
    "change_shipping_address": "Correct or replace the address that a parcel goes to.",
    "set_up_shipping_address": "Enter a first, second or new shipping address.",
    "check_invoice": "Look at an invoice, ask what is on it.",
    "get_invoice": "Receive or download a copy of an invoice.",
    "check_payment_methods": "Which ways of paying are accepted.",
    "payment_issue": "A payment fails or went wrong.",
    "check_cancellation_fee": "What it costs to cancel or leave early.",
    "create_account": "Open an account.",
    "delete_account": "Close an account for good.",
    "edit_account": "Change personal details or settings of one's account.",
    "switch_account": "Move to another kind of account, or use another account.",
    "recover_password": "Get back in after forgetting a password, or reset it.",
    "registration_problems": "Signing up fails.",
    "contact_customer_service": "How and when customer service can be reached: number, address, hours.",
    "contact_human_agent": "Talk to a person instead of a machine, now.",
    "complaint": "Make a formal complaint, or voice strong dissatisfaction with the company.",
    "review": "Leave an opinion or rating of a product or service.",
    "newsletter_subscription": "Begin or end receiving the newsletter.",
    "technical_support": "The app, the site or a device does not work.",
    "product_information": "What a product is like, whether it is in stock, what it costs.",
    "greeting": "Say hello.",
    "thanks": "Say thank you or goodbye.",
    OUT_OF_SCOPE: "None of these.",
}
"""Every intent with its meaning."""
