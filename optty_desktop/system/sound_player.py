"""Plays the program's own sounds with what the computer has: no library of its own, and silence is never an error."""

import array
import asyncio
import io
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from optty_desktop.core.news import News

PLAYER_FOLDERS: Final = "/usr/bin:/usr/local/bin"
"""Where players are looked for; the PATH of whoever starts the program is not asked."""
PLAYERS: Final = (("pw-play",), ("paplay",), ("aplay", "--quiet"), ("afplay",))
"""PipeWire, PulseAudio, ALSA, macOS. The first one that plays is taken; each gets the file as its last argument."""
SECONDS: Final = 3.0
"""So long all players together may take; who hangs is ended."""

_WANTED: Final = ("HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "PULSE_SERVER", "PULSE_COOKIE")

Play: TypeAlias = Callable[[bytes], bool]
"""Plays a WAV file to its end, in a worker thread; False where nothing was to be heard."""

_logger = logging.getLogger(__name__)


class FilePlayer:
    """Fills ``core.ports.SoundPlayer`` with the sounds in ``folder``. Reads a file when it is first heard."""

    def __init__(self, folder: Path, play: Play | None = None) -> None:
        self._folder = folder
        self._play = play if play is not None else players_of_this_computer()
        self._was_silent = False

    async def play(self, news: News, volume: int) -> bool:
        """Play it to its end; False where nothing can be heard here, which is noted once, for support."""
        is_heard = await asyncio.to_thread(self._try, self._folder / f"{news}.wav", volume)
        if not is_heard and not self._was_silent:
            self._was_silent = True
            _logger.debug("no sound: no player of this computer took it")
        return is_heard

    def _try(self, file: Path, volume: int) -> bool:
        try:
            return self._play(softened(file.read_bytes(), volume))
        except (OSError, EOFError, wave.Error):
            return False


def players_of_this_computer() -> Play:
    """How sounds are played on this system."""
    return play_on_windows if sys.platform == "win32" else CommandPlayers()


class CommandPlayers:
    """Plays with the first program of the system that can, in fixed folders, without a shell and for a short time."""

    def __init__(self, folders: str = PLAYER_FOLDERS, seconds: float = SECONDS) -> None:
        self._folders, self._seconds = folders, seconds

    def __call__(self, content: bytes) -> bool:
        """Whether one of them played it."""
        # Not all of them read a sound from their input, so it becomes a file for a moment, for its owner alone.
        with tempfile.NamedTemporaryFile(prefix="optty-", suffix=".wav") as file:
            file.write(content)
            file.flush()
            end = time.monotonic() + self._seconds
            return any(self._has_played(player, file.name, end) for player in PLAYERS)

    def _has_played(self, player: tuple[str, ...], file: str, end: float) -> bool:
        program = shutil.which(player[0], path=self._folders)
        left = end - time.monotonic()
        if program is None or left <= 0:
            return False
        try:
            finished = subprocess.run(  # noqa: S603 - a player of the system and a file of ours
                [program, *player[1:], file],
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=left,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return finished.returncode == 0


def play_on_windows(content: bytes) -> bool:
    """Play with what Windows brings; False where it has no way to be heard."""
    if sys.platform != "win32":
        return False
    import winsound

    try:
        winsound.PlaySound(content, winsound.SND_MEMORY | winsound.SND_NODEFAULT)
    except RuntimeError:
        return False
    return True


def softened(content: bytes, volume: int) -> bytes:
    """Return a WAV file of 16 bits at ``volume`` (0 to 100), where half sounds about half as loud.

    Not left to the players: one of them has no volume, and each counts in its own way. Raises wave.Error, EOFError.
    """
    with wave.open(io.BytesIO(content), "rb") as file:
        form, frames = file.getparams(), array.array("h", file.readframes(file.getnframes()))
    if sys.byteorder == "big":
        frames.byteswap()
    frames = array.array("h", (sample * volume * volume // 10_000 for sample in frames))
    if sys.byteorder == "big":
        frames.byteswap()
    memory = io.BytesIO()
    with wave.open(memory, "wb") as file:
        file.setparams(form)
        file.writeframes(frames.tobytes())
    return memory.getvalue()


def _environment() -> dict[str, str]:
    """What it takes to find the sound of a person's session. A bundled program's own libraries are not for others."""
    return {name: os.environ[name] for name in _WANTED if name in os.environ}
