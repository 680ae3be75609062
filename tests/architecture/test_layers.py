"""What import-linter cannot follow: the domain reaches no page through a module of its app that stands in no layer."""

import ast
import re

from tests.architecture.sources import APPS, modules

DOMAIN = re.compile(rf"({'|'.join(APPS)})\.(models|selectors|services)\b")
SHOWN = re.compile(rf"resellerhub\.(web|rest)\b|({'|'.join(APPS)})\.(views|api|tables|forms|serializers|filters)\b")
BACK_DOORS = {"subscriptions.pool_refusals", "subscriptions.pool_units", "tenants.brands", "tenants.hosts"}
"""Still open: none is to come."""


def imports() -> dict[str, set[str]]:
    """Module → what it names when it is loaded."""
    named = {}
    for path, tree in modules().items():
        module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        froms = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module]
        named[module] = {f"{node.module}.{each.name}" for node in froms for each in node.names}
        named[module] |= {str(node.module) for node in froms}
    return named


def test_no_back_door_from_the_domain_to_the_pages():
    named, passed = imports(), set()
    waiting = [module for module in named if DOMAIN.match(module)]
    while waiting:
        for module in named[waiting.pop()] & named.keys() - passed:
            if module.split(".")[0] in APPS and not DOMAIN.match(module):
                passed.add(module)
                waiting.append(module)
    assert {module for module in passed if any(SHOWN.match(one) for one in named[module])} <= BACK_DOORS
