"""What an administrator has fixed for the tills of a computer: a till works within it, and nobody there can change it.

Where a policy says nothing, the till's own files and settings hold.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.updates import Updates

if TYPE_CHECKING:
    from optty_desktop.core.money import Money
    from optty_desktop.core.network import NetworkSettings

TRAINING: Final = "training"


@dataclass(frozen=True, slots=True)
class Policy:
    """``file`` is the whole path and ``sha256`` the hash of its bytes; both are empty where there is no policy.

    ``environments``: the only ids that may be used. ``token_hosts`` and ``api_hosts``: the only hosts that calls may go
    to. ``link_hosts`` take the place of those of every profile. ``largest`` holds the most one link may ask for, in
    each currency that may be used. ``show_reported_payments`` takes the place of that switch of every profile. An empty
    tuple or None leaves all of that to the till.
    """

    file: str = ""
    sha256: str = ""
    environments: tuple[str, ...] = ()
    token_hosts: tuple[str, ...] = ()
    api_hosts: tuple[str, ...] = ()
    link_hosts: tuple[str, ...] = ()
    network: "NetworkSettings | None" = None
    warn_above: "Money | None" = None
    largest: "tuple[Money, ...]" = ()
    updates: Updates | None = None
    show_reported_payments: bool | None = None

    @property
    def allows_training(self) -> bool:
        """Whether somebody may practise here."""
        return not self.environments or TRAINING in self.environments

    def check_training(self) -> None:
        """Raise ProfileProblem where nobody may practise."""
        if not self.allows_training:
            raise ProfileProblem(f"{self.file} does not allow training")

    def permitted(self, environments: Iterable[Environment]) -> tuple[Environment, ...]:
        """The profiles that may be used, each with the link hosts of the policy.

        Raises ProfileProblem where the policy names one that there is not or that goes elsewhere, or leaves none.
        """
        known = {one.id: one for one in environments}
        for name in self._named:
            if name not in known:
                raise ProfileProblem(f"{self.file}: there is no environment {name} on this till")
            self._check_hosts(known[name])
        wanted = self._named if self.environments else tuple(known)
        found = [self._managed(known[name]) for name in wanted if not self._foreign_host(known[name])]
        if not found and not self.environments:
            raise ProfileProblem(f"{self.file}: no environment of this till goes to the hosts it allows")
        return tuple(found)

    def check(self, environment: Environment) -> None:
        """Raise ProfileProblem when a profile that is to be saved would not keep to the policy."""
        if self.environments and environment.id not in self.environments:
            raise ProfileProblem(f"{self.file} does not allow the environment {environment.id}")
        self._check_hosts(environment)
        if self.link_hosts and environment.link_hosts != self.link_hosts:
            raise ProfileProblem(f"{self.file} sets the hosts of payment links")
        if self.show_reported_payments not in (None, environment.show_reported_payments):
            raise ProfileProblem(f"{self.file} sets whether reported payments are shown")

    def own(self, environment: Environment, stored: Environment | None) -> Environment:
        """``environment`` with what the policy had put over the profile taken off again, as its file is to hold it."""
        if stored is None:
            return environment
        if self.link_hosts:
            environment = replace(environment, link_hosts=stored.link_hosts)
        if self.show_reported_payments is not None:
            environment = replace(environment, show_reported_payments=stored.show_reported_payments)
        return environment

    def limit(self, currency: str) -> "Money | None":
        """The most one link may ask for in this currency; None where nobody has set a limit."""
        return next((most for most in self.largest if most.currency == currency), None)

    @property
    def _named(self) -> tuple[str, ...]:
        return tuple(name for name in self.environments if name != TRAINING)

    def _managed(self, environment: Environment) -> Environment:
        if self.link_hosts:
            environment = replace(environment, link_hosts=self.link_hosts)
        if self.show_reported_payments is not None:
            environment = replace(environment, show_reported_payments=self.show_reported_payments)
        return environment

    def _check_hosts(self, environment: Environment) -> None:
        if host := self._foreign_host(environment):
            raise ProfileProblem(f"{self.file}: the environment {environment.id} goes to {host}, which is not allowed")

    def _foreign_host(self, environment: Environment) -> str:
        """The first host that calls of this profile go to and must not; empty where all are allowed."""
        for hosts, url in ((self.token_hosts, environment.token_url), (self.api_hosts, environment.api_url)):
            host = urlsplit(url).hostname or ""
            if hosts and host not in hosts:
                return host
        return ""
