"""What the administrator and the shop have written about this till, read as one: the policy lies over the rest."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from optty_desktop.api.environments import load_environments
from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.network import NetworkSettings
from optty_desktop.system.network_settings import load_network_settings
from optty_desktop.system.paths import AppPaths
from optty_desktop.system.policy_settings import load_policy
from optty_desktop.system.till_settings import TillSettings, load_till_settings

if TYPE_CHECKING:
    # Most tills have no policy: only where there is one does the start wait for what it is made of.
    from optty_desktop.core.policy import Policy


class ShopFiles(NamedTuple):
    """All that is in force. ``environments`` are those that may be used, without training."""

    policy: "Policy | None"
    environments: tuple[Environment, ...]
    till: TillSettings
    network: NetworkSettings


def read_shop_files(paths: AppPaths) -> ShopFiles:
    """Read every file. Raises ProfileProblem with file, place and reason."""
    policy = load_policy(paths.policies)
    till = load_till_settings(paths.till_file)
    environments = load_environments(paths.environments_file)
    if policy is not None:
        till, environments = _managed(till, policy), policy.permitted(environments)
    return ShopFiles(policy, environments, till, network_in_force(policy, paths))


def network_in_force(policy: "Policy | None", paths: AppPaths) -> NetworkSettings:
    """The network settings of the policy, or else of the shop's own file. Raises ProfileProblem."""
    if policy is not None and policy.network is not None:
        return policy.network
    return load_network_settings(paths.network_file)


def _managed(till: TillSettings, policy: "Policy") -> TillSettings:
    if policy.warn_above is not None:
        till = till._replace(warn_above=policy.warn_above)
    if policy.updates is not None:
        till = till._replace(updates=policy.updates)
    if policy.largest:
        till = till._replace(currencies=_limited(till.currencies, policy))
    return till


def _limited(currencies: Iterable[str], policy: "Policy") -> tuple[str, ...]:
    """What a limit covers: an amount in any other currency would have none."""
    found = tuple(code for code in currencies if policy.limit(code) is not None)
    if not found:
        raise ProfileProblem(f"{policy.file}: limits.largest names no currency of this till")
    return found
