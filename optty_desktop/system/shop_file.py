"""The files a shop writes by hand: small, and read as a whole or not at all."""

from pathlib import Path

from optty_desktop.core.errors import ProfileProblem

MAX_BYTES = 64 * 1024


def content_of(file: Path) -> bytes | None:
    """Return the content, or None where there is no such file. Raises ProfileProblem with file and reason."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ProfileProblem(f"{file.name}: cannot be read ({error.strerror})") from error
    if len(content) > MAX_BYTES:
        raise ProfileProblem(f"{file.name}: larger than {MAX_BYTES // 1024} KiB")
    return content
