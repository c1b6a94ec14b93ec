"""The shop's file ``network.toml``: a proxy it wants used, and the authorities whose certificates it believes."""

from pathlib import Path

from optty_desktop.core.network import NetworkSettings
from optty_desktop.system.shop_file import content_of

__all__ = ["NetworkSettings", "load_network_settings"]


def load_network_settings(file: Path) -> NetworkSettings:
    """Read the file; without one calls go straight out, and the authorities that come with the program are believed.

    Raises ProfileProblem naming the file, the key and the reason: a till must not talk past what its shop has set.
    """
    content = content_of(file)
    if content is None:
        return NetworkSettings()
    # Most tills have no such file: only where there is one does the start wait for what reads it.
    from optty_desktop.system.network_file import read_network

    return read_network(file, content)
