"""Writing a text for one pair of eyes: the file is whole or not there, and only its owner may read it."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_private_text(path: Path, text: str) -> None:
    """Write the text, in place of a file that is there. Raises OSError; that file is then as it was."""
    handle, name = tempfile.mkstemp(prefix=".", suffix=".partial", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(handle)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
