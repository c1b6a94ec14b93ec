"""The program's own log: what happened when, never what anybody typed or was sent.

Only this program's loggers write; libraries are heard from WARNING on. An unexpected failure is written as its type and
the places it passed through. Its message stays out, for it may hold what a customer is called.
"""

import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import Final

LOG_NAME: Final = "optty-desktop.log"

_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"
_MAX_BYTES: Final = 1024 * 1024
_KEPT: Final = 3

logger = logging.getLogger("optty_desktop")


def start_log(folder: Path) -> None:
    """Begin to write the log in ``folder``; where that cannot be written there is no log."""
    from logging.handlers import RotatingFileHandler

    from optty_desktop.system.paths import private_folder

    for name in ("httpx", "httpcore", "asyncio", "keyring"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        file = private_folder(folder) / LOG_NAME
        handler = RotatingFileHandler(file, maxBytes=_MAX_BYTES, backupCount=_KEPT, encoding="utf-8")
        file.chmod(0o600)
    except OSError:
        return
    handler.setFormatter(logging.Formatter(_FORMAT))
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)


def places(error: BaseException) -> str:
    """The type of an error and the lines it passed through, without its message and without any value."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{type(error).__name__} at {where or 'unknown place'}"


def note_unexpected(error: BaseException) -> None:
    """Write down a failure that nobody expected."""
    logger.error("unexpected: %s", places(error))


def catch_what_nobody_caught() -> None:
    """No traceback reaches a person, and none is lost: every uncaught error goes to the log."""

    def hook(_type: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        note_unexpected(error)

    def thread_hook(uncaught: threading.ExceptHookArgs) -> None:
        if uncaught.exc_value is not None:
            note_unexpected(uncaught.exc_value)

    sys.excepthook = hook
    threading.excepthook = thread_hook
