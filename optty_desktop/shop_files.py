"""What the administrator and the shop have written about this till, read as one: the policy lies over the rest."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
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


def fingerprints(paths: AppPaths, policy: "Policy | None") -> dict[str, str]:
    """SHA-256 of each file that decides what this till does, by name; empty for one that is not there."""
    found = {file.name: _sha256(file) for file in (paths.environments_file, paths.network_file, paths.till_file)}
    return found | {"policy.toml": policy.sha256 if policy is not None else ""}


def _sha256(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def network_in_force(policy: "Policy | None", paths: AppPaths) -> NetworkSettings:
    """The network settings of the policy, or else of the shop's own file. Raises ProfileProblem."""
    if policy is not None and policy.network is not None:
        return policy.network
    return load_network_settings(paths.network_file)


def _managed(till: TillSettings, policy: "Policy") -> TillSettings:
    if policy.warn_above is not None:
        till = replace(till, warn_above=policy.warn_above)
    if policy.updates is not None:
        till = replace(till, updates=policy.updates)
    if policy.largest:
        till = replace(till, currencies=_limited(till.currencies, policy))
    return till


def _limited(currencies: Iterable[str], policy: "Policy") -> tuple[str, ...]:
    """What a limit covers: an amount in any other currency would have none."""
    found = tuple(code for code in currencies if policy.limit(code) is not None)
    if not found:
        raise ProfileProblem(f"{policy.file}: limits.largest names no currency of this till")
    return found
