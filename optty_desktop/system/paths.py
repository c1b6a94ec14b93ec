"""Where the program keeps its files on this computer."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from platformdirs import PlatformDirs

_APP: Final = "optty-desktop"
_FOLDER_MODE: Final = 0o700


@dataclass(frozen=True, slots=True)
class AppPaths:
    """The folders of this program and person. Asking for a path creates nothing; see `private_folder`."""

    config: Path
    data: Path
    logs: Path
    cache: Path

    @classmethod
    def of_this_person(cls) -> Self:
        """Return the folders the platform names for the person who is signed in."""
        places = PlatformDirs(_APP, appauthor=False)
        return cls(
            config=places.user_config_path,
            data=places.user_data_path,
            logs=places.user_log_path,
            cache=places.user_cache_path,
        )

    @classmethod
    def below(cls, folder: Path) -> Self:
        """Return folders of the same names below one folder, for a run that must not touch the person's own."""
        return cls(folder / "config", folder / "data", folder / "logs", folder / "cache")

    @property
    def environments_file(self) -> Path:
        """The file with the shop's own environments."""
        return self.config / "environments.toml"

    @property
    def till_file(self) -> Path:
        """The file that says who and where this till is."""
        return self.config / "till.toml"

    @property
    def network_file(self) -> Path:
        """The file that says how calls leave this computer."""
        return self.config / "network.toml"

    @property
    def seen_version_file(self) -> Path:
        """The file that says which version last ran."""
        return self.data / "last-version"

    @property
    def update_folder(self) -> Path:
        """The folder with what is known of newer versions, and with packages that wait for an administrator."""
        return self.data / "updates"

    @property
    def journal_folder(self) -> Path:
        """The folder with one journal an environment."""
        return self.data / "journals"


def nearest_folder(path: Path) -> Path:
    """Return the path if it exists, or else the nearest folder above it that does."""
    return next(one for one in (path, *path.parents) if one.exists())


def private_folder(path: Path) -> Path:
    """Create the folder with its missing parents, readable by its owner alone whatever the umask, and return it.

    A folder that is there already is closed to others. Raises OSError.
    """
    missing = [one for one in (path, *path.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        one.chmod(_FOLDER_MODE)
    mode = path.stat().st_mode
    if mode & 0o077:
        path.chmod(mode & _FOLDER_MODE)
    return path
