"""Functions of the database, as a file of SQL writes them."""

import re
from pathlib import Path

ONE = r"CREATE (?:OR REPLACE )?(FUNCTION {name}\(.*?\$\$.*?\$\$;\n)"


def functions_of(file: Path, *names: str) -> str:
    """For undoing a migration that replaced them: what puts back the functions that an earlier file made.

    Raises LookupError where the file makes no function of a name.
    """
    text = file.read_text()
    return "".join(_function(text, name) for name in names)


def _function(text: str, name: str) -> str:
    if not (found := re.search(ONE.format(name=name), text, re.DOTALL)):
        raise LookupError(name)
    return f"CREATE OR REPLACE {found[1]}"
