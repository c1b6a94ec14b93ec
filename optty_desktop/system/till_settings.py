"""The till's own file ``till.toml``, written by the shop: who and where this till is, which currencies it offers."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from optty_desktop.system.shop_file import content_of

if TYPE_CHECKING:
    from optty_desktop.core.money import Money
    from optty_desktop.core.updates import Updates


class TillSettings(NamedTuple):
    """What the shop says about this till. ``warn_above`` warns of unusual amounts in its own currency, never blocks.

    ``updates`` says where newer versions are announced; None where nobody looks for them.
    """

    shop: str = "My shop"
    name: str = "Till 1"
    operator: str = "Cashier 1"
    currencies: tuple[str, ...] = ("USD", "EUR", "GBP", "AUD", "KWD", "JPY")
    warn_above: "Money | None" = None
    updates: "Updates | None" = None


def load_till_settings(file: Path) -> TillSettings:
    """Read the file; without one the defaults hold.

    Raises ProfileProblem naming the file, the key and the reason: a till that guesses its name signs entries wrongly.
    """
    content = content_of(file)
    if content is None:
        return TillSettings()
    # Most tills have no such file: only where there is one does the start wait for what reads it.
    from optty_desktop.system.till_file import read_settings

    return read_settings(file.name, content)
