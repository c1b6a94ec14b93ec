"""Which package of this program this computer takes."""

import platform
import shutil
import sys

_SYSTEMS = {"linux": "linux", "darwin": "macos", "win32": "windows"}


def platform_name() -> str:
    """Return system and processor as packages name them, such as ``linux-x86_64``."""
    return f"{_SYSTEMS.get(sys.platform, sys.platform)}-{platform.machine().lower()}"


def package_ending() -> str:
    """Return how the name of the package ends that is installed here."""
    if sys.platform == "win32":
        return ".exe"
    if sys.platform == "darwin":
        return ".dmg"
    return ".deb" if shutil.which("dpkg") else ".tar.xz"
