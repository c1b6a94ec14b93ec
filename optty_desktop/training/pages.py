"""The pages a person sees in a browser: a payment page for each link, and the list of links. No scripts."""

from collections.abc import Iterable
from datetime import datetime
from html import escape

from optty_desktop.core.money import format_amount
from optty_desktop.training.customer import is_expired
from optty_desktop.training.records import Link, LinkStatus

HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "referrer-policy": "no-referrer",
}
_STYLE = """
body { margin: 0; background: #f4f5f7; color: #1d2530; font: 16px/1.5 system-ui, sans-serif }
.band { background: #ffd84d; color: #332a00; padding: .5rem 1rem; text-align: center; font-weight: 600 }
main { max-width: 26rem; margin: 2rem auto; padding: 1.5rem; background: #fff; border-radius: 12px }
main.wide { max-width: 60rem }
h1 { font-size: 1.1rem; margin: 0 } .amount { font-size: 2rem; font-weight: 600; margin: .5rem 0 }
.quiet { color: #56606e } form { display: inline-block; margin: .25rem .25rem .25rem 0 }
button { font: inherit; padding: .5rem 1rem; border: 1px solid #b6bec9; border-radius: 8px; background: #fff }
button.main { background: #1f5fbf; border-color: #1f5fbf; color: #fff }
table { border-collapse: collapse; width: 100% }
td, th { text-align: start; padding: .5rem; vertical-align: top }
tr + tr { border-top: 1px solid #e3e6ea }
"""
ACTIONS = {
    "pay": "Pay now",
    "decline": "Card is declined",
    "cancel": "Cancel payment",
    "late": "Pay in 1 minute",
}
_SAYS = {
    LinkStatus.PAID: "Paid. Thank you.",
    LinkStatus.CANCELLED: "This link was cancelled. It can no longer be used.",
    LinkStatus.REFUND_PENDING: "Your money is on its way back.",
    LinkStatus.PARTIALLY_REFUNDED: "Part of your money has been sent back.",
    LinkStatus.REFUNDED: "Your money has been sent back.",
}


def payment_page(shop: str, link: Link, now: datetime, notice: str = "") -> bytes:
    """What the customer sees behind a link."""
    return _page(
        shop,
        f"<main><h1>{escape(shop)}</h1><p class='amount'>{_amount(link)}</p>"
        f"<p class='quiet'>{escape(link.description)}</p>{_paragraph(notice)}"
        f"<p>{escape(state_text(link, now))}</p>{_buttons(link, now, '')}</main>",
    )


def list_page(shop: str, links: Iterable[Link], now: datetime) -> bytes:
    """All practice links with their states and the customer's buttons."""
    rows = "".join(
        f"<tr><td><a href='/pay/{escape(link.code)}'>{escape(link.invoice_number)}</a><br>"
        f"<span class='quiet'>{escape(link.description)}</span></td><td>{_amount(link)}</td>"
        f"<td>{escape(state_text(link, now))}</td><td>{_buttons(link, now, '?back=list')}</td></tr>"
        for link in links
    )
    table = f"<table><tr><th>Link</th><th>Amount</th><th>State</th><th></th></tr>{rows}</table>"
    content = table if rows else "<p>No practice links yet.</p>"
    return _page(
        shop,
        f"<main class='wide'><h1>Practice links</h1>{content}</main>",
    )


def unknown_page(shop: str) -> bytes:
    """What a wrong address shows."""
    return _page(shop, "<main><h1>This link does not exist</h1><p>Check the address, or ask the shop.</p></main>")


def state_text(link: Link, now: datetime) -> str:
    """The state of a link in the customer's words."""
    if said := _SAYS.get(link.status):
        return said
    if link.running_order:
        return "A payment is in progress. Finish it, or cancel it to start again."
    if is_expired(link, now):
        return "This link has expired."
    if link.orders:
        return "The payment did not go through. Please try again or use another card."
    return "Ready to pay."


def _buttons(link: Link, now: datetime, query: str) -> str:
    if link.status not in (LinkStatus.CREATED, LinkStatus.PENDING) or is_expired(link, now):
        return ""
    names = [name for name in ACTIONS if name != "cancel" or link.running_order]
    return "".join(
        f"<form method='post' action='/pay/{escape(link.code)}/{name}{query}'>"
        f"<button{' class=main' if name == 'pay' else ''}>{ACTIONS[name]}</button></form>"
        for name in names
    )


def _amount(link: Link) -> str:
    return escape(format_amount(link.price))


def _paragraph(text: str) -> str:
    return f"<p><strong>{escape(text)}</strong></p>" if text else ""


def _page(shop: str, content: str) -> bytes:
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(shop)}</title><style>{_STYLE}</style></head><body>"
        f"<div class='band'>TRAINING: no real money moves here</div>{content}</body></html>"
    ).encode()
