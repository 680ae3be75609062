"""What the house style asks and no linter sees."""

import ast
import re
from collections import Counter

import pytest

from tests.architecture.sources import APPS, ROOT, calls, files, modules

FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "base", "misc"}
VERBS = {"process", "handle", "manage", "do"}


def services() -> dict[str, ast.Module]:
    return {
        name: tree
        for name, tree in modules().items()
        if name.split("/")[0] in APPS and re.search(r"^\w+/services(\.py|/\w+\.py)$", name)
    }


def public_functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def decorators(function: ast.FunctionDef) -> set[str]:
    return {ast.unparse(decorator).split("(")[0].split(".")[-1] for decorator in function.decorator_list}


def test_files_stay_readable():
    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in files("*.py", "*.js", "*.css")
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > 300
    }
    assert too_long == {}


def test_templates_stay_small():
    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in files("templates/*.html")
        if (lines := len(path.read_text().splitlines())) > 60
    }
    assert too_long == {}


def assigned_names(tree: ast.Module) -> list[str]:
    """At the top level, where the second of two silently counts; not what is declared with a type again."""
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    names = [name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
    return [name.id for name in names if isinstance(name.ctx, ast.Store)]


def test_no_name_is_assigned_twice():
    twice = [
        f"{name}: {each}"
        for name, tree in modules().items()
        for each, number in Counter(assigned_names(tree)).items()
        if number > 1
    ]
    assert twice == []


def test_no_drawer_for_everything():
    assert [name for name in modules() if set(name.removesuffix(".py").split("/")) & FORBIDDEN_NAMES] == []


def test_rows_are_locked_in_one_place():
    lockers = {name for name, tree in modules().items() if calls(tree, "select_for_update")}
    assert lockers == {"resellerhub/kernel/locks.py"}


def test_no_signals_of_models():
    users = {name for name, tree in modules().items() if re.search(r"\b(pre|post)_(save|delete)\b", ast.unparse(tree))}
    assert users == set()


def test_save_is_overridden_only_by_the_tree():
    overrides = {
        name
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if "/models" in name and isinstance(node, ast.FunctionDef) and node.name == "save"
    }
    assert overrides <= {"tenants/models/tenant.py"}


def test_no_atomic_requests_and_no_transactions_by_hand():
    allowed = {"resellerhub/kernel/operation.py", "resellerhub/rest/idempotency.py"}
    users = {
        name
        for name, tree in modules().items()
        if calls(tree, "atomic") and not name.startswith("resellerhub/kernel/jobs/")
    }
    assert users - allowed == {"tenants/models/tree.py"} & users


def test_no_default_ordering():
    """A hidden ORDER BY costs on every query that does not want it; lists say their order themselves."""
    orderings = [
        f"{name}:{node.lineno}"
        for name, tree in modules().items()
        if "/models" in name
        for meta in ast.walk(tree)
        if isinstance(meta, ast.ClassDef) and meta.name == "Meta"
        for node in meta.body
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "ordering" for target in node.targets)
    ]
    assert orderings == []


@pytest.mark.parametrize("name", sorted(services()))
def test_operations_are_keyword_only_and_named_by_what_they_do(name):
    wrong = []
    for function in public_functions(services()[name]):
        if "operation" not in decorators(function) and "tree_operation" not in decorators(function):
            continue
        names = [argument.arg for argument in function.args.kwonlyargs]
        if function.args.args or ("actor" in names and names[0] != "actor"):
            wrong.append(f"{function.name}: `actor` first, and keywords only")
        if function.name.split("_")[0] in VERBS:
            wrong.append(f"{function.name}: say what it does")
        if not ast.get_docstring(function):
            wrong.append(f"{function.name}: no docstring")
    assert wrong == []


DOMAIN = ("/models", "/services", "/rating/")


@pytest.mark.parametrize("name", sorted(name for name in modules() if any(part in name for part in DOMAIN)))
def test_the_domain_reads_no_clock(name):
    """Services take `now`; only views, API, tasks and commands know what time it is."""
    clocks = re.findall(r"timezone\.now\(\)|datetime\.now\(|date\.today\(|time\.time\(", ast.unparse(modules()[name]))
    assert clocks == []


def test_templates_carry_no_inline_script_or_style():
    """Mails do: a reader's program fetches no files and has no policy of ours."""
    inline = [
        str(path.relative_to(ROOT))
        for path in files("templates/*.html")
        if path.parent.name != "mails"
        and re.search(r"<style|\sstyle=|\son\w+=\"|<script(?![^>]*\bsrc=)(?![^>]*application/json)", path.read_text())
    ]
    assert inline == []


def test_nothing_is_left_unfinished():
    mark = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error")))
    assert [
        str(path.relative_to(ROOT)) for path in files("*.py", "*.html", "*.js") if mark.search(path.read_text())
    ] == []


def test_the_domain_shows_nothing():
    """What import-linter cannot say: no templates, no answers, in models, selectors, services and kernel."""
    shown = re.compile(r"django\.(template|shortcuts|http)\b")
    domain = re.compile(r"^(\w+/(models|selectors|services)\b|resellerhub/kernel/)")
    assert [name for name, tree in modules().items() if domain.match(name) and shown.search(ast.unparse(tree))] == []
