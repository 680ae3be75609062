"""The product's own sources, parsed once."""

import ast
import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("tenants", "catalog", "subscriptions", "addons", "invoicing", "reports")
OURS = (*APPS, "resellerhub")


@functools.cache
def files(*patterns: str) -> tuple[Path, ...]:
    """What git tracks or would track, so that a file not yet added is judged too."""
    command = ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "--", *patterns]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")
    return tuple(ROOT / name for name in sorted(set(names)) if name and (ROOT / name).is_file())


@functools.cache
def modules() -> dict[str, ast.Module]:
    """Path (from the root) → syntax tree, migrations and tests left out."""
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text())
        for path in files("*.py")
        if path.relative_to(ROOT).parts[0] in OURS and "migrations" not in path.parts
    }


def calls(tree: ast.AST, name: str) -> list[int]:
    """Lines that call something of this name, as a function or as a method."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name in (getattr(node.func, "attr", None), getattr(node.func, "id", None))
    ]
