"""The exports of a merchant behind the ports of the till: read, asked and deleted, each in a worker thread."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from optty_desktop.api.postman_import import PostmanExport, propose, read_export
from optty_desktop.api.secret_files import delete_file, files_with
from optty_desktop.core.environments import Environment
from optty_desktop.core.route_import import RouteImport, SecretFile


class PostmanExports:
    """Fills ``core.ports.RouteExports``."""

    async def read(self, paths: Sequence[Path], at: datetime) -> "ReadExport":
        """Read a collection, and an environment if one is given too. Raises CollectionProblem."""
        return ReadExport(await asyncio.to_thread(read_export, paths, at))

    async def with_secret(self, paths: Sequence[Path], secret: str) -> Sequence[SecretFile]:
        """Those of the files that hold the secret. Raises CollectionProblem."""
        return await asyncio.to_thread(files_with, paths, secret)

    async def delete(self, file: SecretFile) -> None:
        """Delete the file for good. Raises FileKept."""
        await asyncio.to_thread(delete_file, file)


class ReadExport:
    """Fills ``core.ports.RouteExport``."""

    def __init__(self, export: PostmanExport) -> None:
        self._export = export

    async def propose(
        self, before: Environment, others: Sequence[Environment], chosen: int | None = None
    ) -> RouteImport:
        """What ``before`` would become. Raises CollectionProblem, UnclearCollection."""
        return await asyncio.to_thread(propose, self._export, before, others, chosen)
