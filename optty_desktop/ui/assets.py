"""Where the files under `resources/` are: inside the package when installed, beside it in a source tree."""

from functools import lru_cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


@lru_cache(maxsize=1)
def resources() -> Path:
    """The folder that holds `icons`, `fonts` and `style`."""
    installed = _PACKAGE / "resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def resource(*parts: str) -> Path:
    """The path of one resource, for example `resource("icons", "link.svg")`."""
    return resources().joinpath(*parts)


def change_log() -> Path:
    """The file that says what changed for staff: a resource when installed, beside the packaging in a source tree."""
    installed = resource("CHANGELOG.md")
    return installed if installed.is_file() else _PACKAGE.parent / "packaging" / "CHANGELOG.md"
