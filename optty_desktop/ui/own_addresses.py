"""The addresses this computer speaks from now. Asking for them sends nothing."""


def own_addresses() -> frozenset[str]:
    """Return the addresses of all interfaces that are up; none means that there is no network."""
    # Not at the top: Qt's network library would make the start wait.
    from PySide6.QtNetwork import QNetworkInterface

    needed = QNetworkInterface.InterfaceFlag.IsUp | QNetworkInterface.InterfaceFlag.IsRunning
    return frozenset(
        entry.ip().toString()
        for interface in QNetworkInterface.allInterfaces()
        if interface.flags() & needed == needed
        for entry in interface.addressEntries()
        if not entry.ip().isLoopback() and not entry.ip().isLinkLocal()
    )
