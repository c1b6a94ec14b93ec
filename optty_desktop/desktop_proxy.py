"""The proxy that the operating system names for everybody. Environment variables have no say in it."""

import os
import shutil
import subprocess
import sys
from typing import Final

from optty_desktop.core.network import Proxy

GSETTINGS_FOLDERS: Final = "/usr/bin:/bin"
_SCHEMA: Final = "org.gnome.system.proxy"
_SECONDS: Final = 2.0


def desktop_proxy(address: str, platform: str = sys.platform) -> Proxy | None:
    """Return the HTTP proxy for calls to ``address``, or None to go straight out. It may take seconds.

    Windows and macOS follow a script of the network (PAC) too. On Linux it is the manual setting of GNOME and the
    desktops that share it; a computer without it has none.
    """
    return gnome_proxy() if platform.startswith("linux") else qt_proxy(address)


def qt_proxy(address: str) -> Proxy | None:
    """Return what Qt learns from Windows or macOS. On Linux it would obey the environment."""
    from PySide6.QtCore import QUrl
    from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

    kinds = (QNetworkProxy.ProxyType.HttpProxy, QNetworkProxy.ProxyType.HttpCachingProxy)
    for one in QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(address))):
        if one.type() is QNetworkProxy.ProxyType.NoProxy:
            return None
        if one.type() in kinds:
            return _proxy(one.hostName(), str(one.port()), one.user())
    return None


def gnome_proxy(folders: str = GSETTINGS_FOLDERS) -> Proxy | None:
    """Return the proxy that GNOME's network settings name by hand."""
    program = shutil.which("gsettings", path=folders)
    if program is None or _setting(program, _SCHEMA, "mode") != "manual":
        return None
    return _proxy(_setting(program, f"{_SCHEMA}.https", "host"), _setting(program, f"{_SCHEMA}.https", "port"))


def _setting(program: str, schema: str, key: str) -> str:
    """Return one setting as text, empty where it cannot be had."""
    try:
        finished = subprocess.run(  # noqa: S603 - the desktop's own program and fixed words
            [program, "get", schema, key], env=_environment(), capture_output=True, text=True, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return finished.stdout.strip().strip("'") if finished.returncode == 0 else ""


def _environment() -> dict[str, str]:
    """What it takes to find a person's settings, and nothing that could put others in their place."""
    wanted = ("HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")
    return {name: os.environ[name] for name in wanted if name in os.environ}


def _proxy(host: str, port: str, user: str = "") -> Proxy | None:
    place = f"[{host}]" if ":" in host else host
    try:
        return Proxy(f"http://{place}:{port}", user)
    except ValueError:
        return None
