"""The repository's own files, read as text and as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "optty_desktop"
HOUSE = ("optty_desktop", "resources", "tests", "packaging", ".ci")
"""The folders that a release is made from; everything else beside them is a single file."""

PRODUCED = {"__pycache__", ".venv", ".git", "build", "dist"}


class Source:
    """One Python file: where it is, what it says, and its syntax tree."""

    def __init__(self, path: Path) -> None:
        """Read ``path``; raises SyntaxError when its tree is asked for and it does not parse."""
        self.path = path
        self.text = path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.text, filename=str(self.path))

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every part of the tree."""
        return tuple(ast.walk(self.tree))

    @property
    def module(self) -> str:
        """The path below the package, for example ``ui/tasks.py``."""
        return self.path.relative_to(PACKAGE).as_posix()

    @property
    def room(self) -> str:
        """The first folder below the package, or the module's own name for those on the roof."""
        return self.path.relative_to(PACKAGE).parts[0].removesuffix(".py")

    def calls(self) -> Iterator[ast.Call]:
        """Yield every call in the file."""
        return (node for node in self.nodes if isinstance(node, ast.Call))

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Yield every function and method in the file."""
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def imported_roots(self) -> set[str]:
        """Return the first names of all absolute imports, at the top of the file and inside functions."""
        roots: set[str] = set()
        for node in self.nodes:
            if isinstance(node, ast.Import):
                roots.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                roots.add(node.module.split(".")[0])
        return roots

    def at(self, node: ast.AST) -> str:
        """Say where ``node`` stands, for a message."""
        return f"{self.path.relative_to(ROOT).as_posix()}:{getattr(node, 'lineno', 1)}"


def package_sources() -> list[Source]:
    """Return every module of the program."""
    return [Source(path) for path in sorted(PACKAGE.rglob("*.py"))]


def kept_files() -> Iterator[Path]:
    """Yield every file that is written by people or by the lock, never what a build leaves."""
    # In a second working tree .git is a file.
    yield from (path for path in ROOT.iterdir() if path.is_file() and path.name not in PRODUCED)
    for folder in HOUSE:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and not PRODUCED & set(path.relative_to(ROOT).parts):
                yield path
