"""Where the program keeps its files on this computer."""

import os
from pathlib import Path
from typing import Final, NamedTuple, Self

from platformdirs import PlatformDirs

_APP: Final = "optty-desktop"
_FOLDER_MODE: Final = 0o700


class AppPaths(NamedTuple):
    """The folders of this program and person. Asking for a path creates nothing; see `private_folder`.

    ``policies`` are the places of the administrator's file: the first one that is there counts.
    """

    config: Path
    data: Path
    logs: Path
    cache: Path
    policies: tuple[Path, ...] = ()

    @classmethod
    def of_this_person(cls) -> Self:
        """Return the folders the platform names for the person who is signed in."""
        places = PlatformDirs(_APP, appauthor=False, multipath=True)
        # A desktop session may put a folder of its own before the usual one, and both are the administrator's.
        of_all = places.site_config_dir.split(os.pathsep)
        return cls(
            config=places.user_config_path,
            data=places.user_data_path,
            logs=places.user_log_path,
            cache=places.user_cache_path,
            policies=tuple(Path(folder) / "policy.toml" for folder in of_all),
        )

    @classmethod
    def below(cls, folder: Path) -> Self:
        """Return folders of the same names below one folder, for a run that must not touch the person's own.

        No policy holds there: such a run moves nobody's money.
        """
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
    def preferences_file(self) -> Path:
        """The file with what staff chose in the settings; the program writes it."""
        return self.config / "preferences.json"

    @property
    def audit_file(self) -> Path:
        """The record of what was done to the settings."""
        return self.data / "audit.db"

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
