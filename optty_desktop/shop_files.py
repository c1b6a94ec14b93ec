"""What the administrator and the shop have written about this till, read as one: the policy lies over the rest."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from optty_desktop.api.environments import load_environments
from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.network import NetworkSettings
from optty_desktop.core.policy import Policy
from optty_desktop.system.network_settings import load_network_settings
from optty_desktop.system.paths import AppPaths
from optty_desktop.system.policy_settings import load_policy
from optty_desktop.system.till_settings import TillSettings, load_till_settings


@dataclass(frozen=True, slots=True)
class ShopFiles:
    """All that is in force. ``environments`` are those that may be used, without training."""

    policy: Policy
    environments: tuple[Environment, ...]
    till: TillSettings
    network: NetworkSettings


def read_shop_files(paths: AppPaths) -> ShopFiles:
    """Read every file. Raises ProfileProblem with file, place and reason."""
    policy = load_policy(paths.policies)
    till = _managed(load_till_settings(paths.till_file), policy)
    environments = policy.permitted(load_environments(paths.environments_file))
    return ShopFiles(policy, environments, till, network_in_force(policy, paths))


def network_in_force(policy: Policy, paths: AppPaths) -> NetworkSettings:
    """The network settings of the policy, or else of the shop's own file. Raises ProfileProblem."""
    return policy.network if policy.network is not None else load_network_settings(paths.network_file)


def _managed(till: TillSettings, policy: Policy) -> TillSettings:
    if policy.warn_above is not None:
        till = replace(till, warn_above=policy.warn_above)
    if policy.largest:
        till = replace(till, currencies=_limited(till.currencies, policy))
    return till


def _limited(currencies: Iterable[str], policy: Policy) -> tuple[str, ...]:
    """What a limit covers: an amount in any other currency would have none."""
    found = tuple(code for code in currencies if policy.limit(code) is not None)
    if not found:
        raise ProfileProblem(f"{policy.file}: limits.largest names no currency of this till")
    return found
