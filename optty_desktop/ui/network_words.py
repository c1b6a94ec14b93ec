"""Words for the way to the payment service: what stands in it, and what it is while all is well."""

from typing import Final
from urllib.parse import urlsplit

from optty_desktop.core.environments import Environment, EnvironmentKind
from optty_desktop.core.errors import NotSent, Trouble
from optty_desktop.core.network import Trust, Way
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.words import tr

TROUBLES: Final = frozenset(
    {Trouble.TLS, Trouble.UNTRUSTED, Trouble.PROXY, Trouble.PROXY_PASSWORD, Trouble.PROXY_ABSENT}
)
"""What lies with the network of the shop, not with the line."""


def title(trouble: Trouble) -> str:
    """The heading for one of ``TROUBLES``."""
    match trouble:
        case Trouble.PROXY:
            return tr("The proxy said no")
        case Trouble.PROXY_PASSWORD:
            return tr("The proxy wants a password")
        case Trouble.PROXY_ABSENT:
            return tr("The proxy does not answer")
    return tr("The connection is not safe")


def text(error: NotSent) -> str:
    """What is so and what to do, for one of ``TROUBLES``; the proxy is named where it is known."""
    proxy = harmless(error.details.get("proxy", ""), 80)
    match error.trouble:
        case Trouble.UNTRUSTED:
            return tr(
                "This computer does not know who vouches for the answer. If this network looks into connections, "
                "this till needs its certificate. Ask whoever manages the network"
            )
        case Trouble.PROXY if proxy:
            return tr("The proxy {proxy} did not let the call through. Ask whoever manages the network", proxy=proxy)
        case Trouble.PROXY:
            return tr("The proxy of this network did not let the call through. Ask whoever manages the network")
        case Trouble.PROXY_PASSWORD if proxy:
            return tr(
                "The proxy {proxy} did not accept the name and password of this till. Ask whoever manages the network",
                proxy=proxy,
            )
        case Trouble.PROXY_PASSWORD:
            return tr("A proxy in this network wants a name and password. Ask whoever manages the network")
        case Trouble.PROXY_ABSENT if proxy:
            return tr(
                "The proxy {proxy} cannot be reached. Check the network cable or Wi-Fi, "
                "or ask whoever manages the network",
                proxy=proxy,
            )
        case Trouble.PROXY_ABSENT:
            return tr("The proxy of this network cannot be reached. Check the network cable or Wi-Fi, then try again")
    return tr("This computer could not make sure who answers. Check its date and time, then try again")


def way_words(environment: Environment, way: Way) -> tuple[str, ...]:
    """The connection in a few sentences: whom the till speaks to, through what, and whose certificates it believes."""
    if environment.kind is EnvironmentKind.TRAINING:
        return (tr("Practice runs on this computer. Nothing leaves it."),)
    host = harmless(urlsplit(environment.api_url).hostname or "", 80)
    return (tr("Connected to {host}.", host=host), _proxy_words(way), *_trust_words(way))


def _proxy_words(way: Way) -> str:
    if way.proxy is None:
        return tr("No proxy.")
    return tr("Through the proxy {proxy}.", proxy=harmless(way.proxy.place, 80))


def _trust_words(way: Way) -> tuple[str, ...]:
    trusted = (
        tr("Certificates: the list of this computer.")
        if way.trust is Trust.SYSTEM
        else tr("Certificates: the list that comes with Payment Links.")
    )
    if not way.extra_ca:
        return (trusted,)
    return (trusted, tr("Also those in {file}.", file=harmless(way.extra_ca, 60)))
