"""The panes of the payments page, built one at a time."""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

from optty_desktop.core.environments import Environment, EnvironmentKind
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.money import Money, no_limit
from optty_desktop.core.ports import Clock, ContactRules
from optty_desktop.ui.detail_pane import DetailPane
from optty_desktop.ui.link_form import LinkForm
from optty_desktop.ui.link_ready_pane import LinkReadyPane
from optty_desktop.ui.links_pane import LinksPane
from optty_desktop.ui.theme import Look


class Panes(NamedTuple):
    """What the payments page holds."""

    form: LinkForm
    ready: LinkReadyPane
    links: LinksPane
    detail: DetailPane


async def build_panes(
    look: Look,
    environment: Environment,
    book: LinkBook,
    clock: Clock,
    rules: ContactRules,
    currencies: Sequence[str],
    *,
    shop: str,
    warn_above: Money | None = None,
    limit: Callable[[str], Money | None] = no_limit,
) -> Panes:
    """Build the panes. Together they take a tenth of a second, so whatever else there is gets a turn after each."""
    kind = environment.kind
    is_practice = kind is EnvironmentKind.TRAINING
    form = LinkForm(look, currencies, rules, clock, is_practice=is_practice, warn_above=warn_above, limit=limit)
    await asyncio.sleep(0)
    ready = LinkReadyPane(look, clock, shop=shop, kind=kind)
    await asyncio.sleep(0)
    links = LinksPane(look, book, clock, is_practice=is_practice)
    await asyncio.sleep(0)
    detail = DetailPane(look, clock, refund_is_possible=environment.may_refund)
    await asyncio.sleep(0)
    return Panes(form, ready, links, detail)
