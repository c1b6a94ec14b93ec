"""The command with which an administrator installs a package that lies in the folder of somebody else.

Whoever works at the till may change that folder at any time, also between the check and the installation. So the
command takes a copy to a place that only an administrator may write, checks that, and installs that. An older package
goes back with the same command.
"""

import shlex
from pathlib import Path
from typing import Final

_DEBIAN: Final = (
    "dir=$(mktemp -d /tmp/optty-desktop.XXXXXX); "
    'trap "rm -rf $dir" EXIT; '
    "chmod 755 $dir; "
    'install -m 644 "$1" $dir/{name}; '
    'echo "{sha256}  $dir/{name}" | sha256sum -c; '
    "apt-get install -y --allow-downgrades $dir/{name}"
)
"""A name of its own, because a folder for copies may be named by the till's account; open to read, because apt reads
as somebody without rights."""

_WINDOWS: Final = (
    "& {{ $ErrorActionPreference = 'Stop'; "
    "$dir = Join-Path ([Environment]::GetFolderPath('ProgramFiles')) ('optty-desktop-' + [guid]::NewGuid()); "
    "$copy = Join-Path $dir {name}; "
    "$null = New-Item -ItemType Directory $dir; "
    "try {{ Copy-Item -LiteralPath {package} $copy; "
    "if ((Get-FileHash -Algorithm SHA256 $copy).Hash -ne {sha256}) {{ throw 'Not the package that was signed.' }}; "
    "$done = Start-Process $copy '/VERYSILENT', '/SUPPRESSMSGBOXES', '/NORESTART', '/ALLUSERS' -Wait -PassThru; "
    'if ($done.ExitCode) {{ throw "Not installed: exit code $($done.ExitCode)." }} }} '
    "finally {{ Remove-Item -Recurse $dir }} }}"
)
"""For PowerShell."""


def installing(package: Path, sha256: str) -> str:
    """Return the command, one line, for the package with that signed sum; "" for one that is put in place by hand."""
    if package.suffix == ".deb":
        script = _DEBIAN.format(name=package.name, sha256=sha256)
        return f"sudo sh -ec {shlex.quote(script)} sh {shlex.quote(str(package))}"
    if package.suffix == ".exe":
        return _WINDOWS.format(name=_quoted(package.name), package=_quoted(str(package)), sha256=_quoted(sha256))
    return ""


def _quoted(text: str) -> str:
    """As PowerShell reads a text without looking into it."""
    return "'" + text.replace("'", "''") + "'"
