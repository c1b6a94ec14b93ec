"""The words for a host of payment links that cannot be confirmed."""

from typing import Final

from optty_desktop.core.errors import HostRefused
from optty_desktop.core.host_names import HostFault
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.words import tr

LONGEST_HOST: Final = 255
"""A host is always shown whole: what is cut off could be what matters."""


def host_refused_text(error: HostRefused) -> str:
    """Why nobody here may confirm the host, and what to do."""
    host = harmless(error.host, LONGEST_HOST)
    match error.reason:
        case HostFault.POLICY:
            return tr(
                "Hosts of payment links are set by your administrator in {file}. Ask there for {host}",
                file=harmless(error.file, 240),
                host=host,
            )
        case HostFault.MIXED_SCRIPTS:
            return tr(
                "The host {host} is written to look like another host. It stays held back. "
                "Do not send this link, and tell whoever manages your payment account",
                host=host,
            )
        case HostFault.TEST_SYSTEM:
            return tr(
                "The host {host} belongs to the test system. It stays held back. "
                "Tell whoever manages your payment account",
                host=host,
            )
        case HostFault.OTHER_KIND:
            return tr(
                "The host {host} serves another kind of environment on this till. It stays held back. "
                "Ask whoever manages your payment account",
                host=host,
            )
    return tr(
        "This link leads to {host}, which is not a full host name. It stays held back. "
        "Ask whoever manages your payment account",
        host=host,
    )
