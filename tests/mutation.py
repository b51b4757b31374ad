"""Take rules out of ``lti_tool/lti/``, one at a time, and say which of them no test misses.

``python -m tests.mutation --minutes 20`` tries mutants in a shuffled order until the time is over; ``MODULE …`` names
some files only. By hand, not in CI: a survivor is a question for a person, and its answer often is "that is the same".

Each mutant runs in a fork of one process that has imported everything else, on SQLite alone, with the tests of its
subject, and is killed by the first one that fails.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "lti_tool" / "lti"
LONGEST_S = 300
RULES, EGRESS = ["test_rules.py"], ["test_egress.py", "test_ssrf.py"]
OUTBOX = ["test_rules.py", "outbox/test_delivery.py", "outbox/test_queue.py"]
TESTS: dict[str, list[str]] = {
    "addresses": [*RULES, *EGRESS],
    "claims": RULES,
    "connections": EGRESS,
    "content": RULES,
    "deep_linking": RULES,
    "egress": EGRESS,
    "failures": OUTBOX,
    "grades": OUTBOX,
    "key_sets": [*RULES, "test_key_sets.py"],
    "keys": ["test_keys.py"],
    "launch": RULES,
    "line_items": ["outbox/test_line_items.py"],
    "links": ["outbox/test_line_items.py", "rosters/test_reading.py"],
    "login": RULES,
    "memberships": ["rosters/test_reading.py"],
    "names": EGRESS,
    "reencryption": ["test_keys.py"],
    "registration": ["test_registration.py"],
    "retry_after": RULES,
    "roles": RULES,
    "text": RULES,
    "tokens": [*RULES, "outbox/test_delivery.py"],
    "vault": ["test_keys.py"],
}
"""Which tests know a module, the fast ones first."""

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one thing changed."""

    module: str
    line: int
    change: str
    tree: ast.Module


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Make each mutant of a module."""
    original = ast.parse(path.read_text())
    decorators = {
        inner
        for node in ast.walk(original)
        for decorator in getattr(node, "decorator_list", ())
        for inner in ast.walk(decorator)
    }
    for number, node in enumerate(ast.walk(original)):
        for change in () if node in decorators else changes_of(node):
            tree = copy.deepcopy(original)
            target = next(each for index, each in enumerate(ast.walk(tree)) if index == number)
            apply(tree, target, change)
            ast.fix_missing_locations(tree)
            words = f"{change}: {ast.unparse(node).splitlines()[0][:90]}"
            yield Mutant(path.stem, getattr(node, "lineno", 0), words, tree)


def changes_of(node: ast.AST) -> Iterator[str]:
    """Name what can be changed about a node."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARISONS:
        yield "compare"
    elif isinstance(node, ast.BoolOp):
        yield "and-or"
        yield from (f"drop-{index}" for index in range(len(node.values)))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not"
    elif isinstance(node, ast.If):
        yield "never"
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "flip"
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield "one-more"
    elif isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        yield "nothing"


def apply(tree: ast.Module, node: ast.AST, change: str) -> None:
    """Change one node of a tree."""
    match node:
        case ast.Compare():
            node.ops = [COMPARISONS[type(node.ops[0])]()]
        case ast.BoolOp() if change == "and-or":
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.BoolOp():
            del node.values[int(change.removeprefix("drop-"))]
            if len(node.values) == 1:
                put_instead(tree, node, node.values[0])
        case ast.UnaryOp():
            put_instead(tree, node, node.operand)
        case ast.If():
            node.test = ast.Constant(False)
        case ast.Constant():
            node.value = (not node.value) if change == "flip" else node.value + 1  # type: ignore[operator]
        case _:
            put_instead(tree, node, ast.Pass())


def put_instead(tree: ast.Module, old: ast.AST, new: ast.AST) -> None:
    """Put a node in the place of another one."""

    class Putter(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return new if node is old else self.generic_visit(node)

    Putter().visit(tree)


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from a tree instead of from its file."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = f"lti_tool.lti.{mutant.module}"
        self._path = str(FOLDER / f"{mutant.module}.py")
        self._code = compile(mutant.tree, self._path, "exec")

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(fullname, self._path, loader=self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)


def outcome_of(mutant: Mutant | None, tests: list[str]) -> str:
    """Run tests against a mutant, or against what is there: ``survived``, ``killed`` or ``hung``."""
    child = os.fork()
    if child == 0:
        os.setsid()
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(quiet, stream)
        signal.alarm(LONGEST_S)
        if mutant is not None:
            sys.meta_path.insert(0, Finder(mutant))
        import pytest

        arguments = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", "not postgresql"]
        os._exit(pytest.main([*arguments, *(str(ROOT / "tests" / "lti_tool" / name) for name in tests)]))
    _child, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "hung"
    return "survived" if os.WEXITSTATUS(status) == 0 else "killed"


def preload() -> None:
    """Import what mutants share, and nothing of the tool, which a mutant has to be imported with."""
    import alembic  # noqa: F401
    import cryptography.hazmat.primitives.asymmetric.rsa  # noqa: F401
    import flask_babel  # noqa: F401
    import flask_login  # noqa: F401
    import flask_sqlalchemy  # noqa: F401
    import jwt  # noqa: F401
    import psycopg  # noqa: F401
    import pytest  # noqa: F401
    import sqlalchemy.dialects.postgresql
    import sqlalchemy.dialects.sqlite  # noqa: F401
    import urllib3  # noqa: F401


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", default=sorted(TESTS), help="names of modules; all of them by default")
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.chdir(ROOT)
    preload()
    exist = {
        name: [test for test in TESTS[name] if (ROOT / "tests/lti_tool" / test).exists()] for name in options.modules
    }
    for name, tests in exist.items():
        if outcome_of(None, tests) != "survived":
            sys.exit(f"{name}: the tests fail without a change")
    waiting = [mutant for name in options.modules for mutant in mutants_of(FOLDER / f"{name}.py")]
    random.Random(options.seed).shuffle(waiting)
    ends_at, counts = time.monotonic() + 60 * options.minutes, {"survived": 0, "killed": 0, "hung": 0}
    for mutant in waiting:
        if time.monotonic() > ends_at:
            break
        outcome = outcome_of(mutant, exist[mutant.module])
        counts[outcome] += 1
        if outcome != "killed":
            print(f"{outcome}  {mutant.module}.py:{mutant.line}  {mutant.change}", flush=True)
    print(f"{sum(counts.values())} of {len(waiting)} mutants tried: {counts}", flush=True)


if __name__ == "__main__":
    main()
