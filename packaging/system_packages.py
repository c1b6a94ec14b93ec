"""The system libraries that Qt needs on Linux: which are missing, and which Debian packages bring them."""

from __future__ import annotations

import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence

from processes import Stop, call, child_environment, must, output_of

DRAWING_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""System libraries that Qt loads even without a screen, each with its Debian package."""

X11_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}

WAYLAND_LIBRARIES = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}


def needed_libraries(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the system libraries for drawing off screen, plus those of the screens that are there."""
    needed = dict(DRAWING_LIBRARIES)
    if environment.get("DISPLAY"):
        needed |= X11_LIBRARIES
    if environment.get("WAYLAND_DISPLAY"):
        needed |= WAYLAND_LIBRARIES
    return needed


def missing_packages(needed: Mapping[str, str], loader_cache: str, processor: str = "") -> list[str]:
    """Return the Debian packages of what the loader (``ldconfig -p``) does not know for this processor."""
    lines = re.findall(r"^\s+(\S+) \((.*?)\)", loader_cache, flags=re.MULTILINE)
    known = {library for library, kind in lines if processor in kind}
    return sorted({package for library, package in needed.items() if library not in known})


def install_system_packages(packages: Sequence[str]) -> None:
    """Install Debian packages, or say which command does it and stop."""
    if not packages:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if not shutil.which("apt-get"):
        raise Stop(f"System libraries are missing; on Debian they are in: {' '.join(packages)}.")
    prefix = [] if is_root() else ["sudo", "-n"]
    if prefix and not may_sudo():
        raise Stop(f"System libraries are missing; run this once: sudo {shlex.join(install)}")
    print(f"Installing system packages: {' '.join(packages)}", flush=True)
    quiet = child_environment(os.environ, DEBIAN_FRONTEND="noninteractive")
    call([*prefix, "apt-get", "update", "-q"], quiet)
    must([*prefix, *install], quiet, f"apt-get could not install {' '.join(packages)}.")


def is_root() -> bool:
    """Tell whether this process may install system packages itself."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def may_sudo() -> bool:
    """Tell whether sudo works without asking for a password."""
    sudo = shutil.which("sudo")
    return sudo is not None and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0


def ensure_libraries() -> None:
    """Have the system libraries that Qt needs on Linux."""
    ldconfig = shutil.which("ldconfig", path=os.pathsep.join([os.environ.get("PATH", ""), "/sbin", "/usr/sbin"]))
    if not sys.platform.startswith("linux") or not ldconfig:
        return
    # 32-bit libraries may lie beside the others; on other processors the loader does not name the kind.
    processor = "x86-64" if platform.machine() == "x86_64" else ""
    cache = output_of([ldconfig, "-p"])
    install_system_packages(missing_packages(needed_libraries(os.environ), cache, processor))
