"""Where an import may send the till: the hosts of the profile, or Optty's own of the same kind.

A collection is a file that anybody can write, and the client secret goes to the address it names. So a host of
another owner is taken only after a person has written it into the profile, and a test system never becomes Live, nor
the reverse.
"""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from optty_desktop.api.postman_variables import ShapeBroken
from optty_desktop.core.environments import OPTTY_HOSTS, Environment, EnvironmentKind

_TEST_LABELS: Final = frozenset({"qa", "test", "dev", "staging", "sandbox", "uat"})
"""Parts of the host names of Optty's systems that move no real money (docs.optty.com and Optty's own plugin)."""


def check_places(after: Environment, before: Environment, others: Iterable[Environment]) -> None:
    """Raise ShapeBroken when ``after`` would speak to a host that this profile must not speak to."""
    own = _hosts(before)
    for other in others:
        if other.id != before.id and other.kind is not before.kind and (_hosts(after) - own) & _hosts(other):
            raise ShapeBroken(f"it is made for {other.name}, not for {before.name}")
    for host in _hosts(after) - own:
        if not host.endswith(OPTTY_HOSTS):
            raise ShapeBroken(
                f"{host} is neither Optty nor a host of {before.name}; "
                "if it is right, add it to environments.toml first"
            )
        if (before.kind is EnvironmentKind.LIVE) == bool(_TEST_LABELS & set(host.split("."))):
            raise ShapeBroken(f"{host} does not belong to {before.name} ({before.kind})")


def _hosts(environment: Environment) -> set[str]:
    return {urlsplit(environment.token_url).hostname or "", urlsplit(environment.api_url).hostname or ""}
