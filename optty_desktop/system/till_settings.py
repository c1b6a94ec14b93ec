"""The till's own file ``till.toml``, written by the shop: who and where this till is, which currencies it offers."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from optty_desktop.core.errors import ProfileProblem

if TYPE_CHECKING:
    from optty_desktop.core.money import Money

MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class TillSettings:
    """What the shop says about this till. ``warn_above`` warns of unusual amounts in its own currency, never blocks."""

    shop: str = "My shop"
    name: str = "Till 1"
    operator: str = "Cashier 1"
    currencies: tuple[str, ...] = ("USD", "EUR", "GBP", "AUD", "KWD", "JPY")
    warn_above: "Money | None" = None


def load_till_settings(file: Path) -> TillSettings:
    """Read the file; without one the defaults hold.

    Raises ProfileProblem naming the file, the key and the reason: a till that guesses its name signs entries wrongly.
    """
    try:
        with file.open("rb") as stream:
            text = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return TillSettings()
    except OSError as error:
        raise ProfileProblem(f"{file.name}: cannot be read ({error.strerror})") from error
    if len(text) > MAX_BYTES:
        raise ProfileProblem(f"{file.name}: larger than {MAX_BYTES // 1024} KiB")
    # Most tills have no such file: only where there is one does the start wait for what reads it.
    from optty_desktop.system.till_file import read_settings

    return read_settings(file.name, text)
