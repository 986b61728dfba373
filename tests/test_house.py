"""The house rules that a machine can check: directions, sizes, docstrings, words."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import entrepot

CHECKOUT = Path(__file__).resolve().parent.parent
SOURCE = CHECKOUT / "src" / "entrepot"
MODULES = sorted(SOURCE.rglob("*.py")) + sorted((CHECKOUT / "scripts").glob("*.py"))
PYPROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))

MODULE_LINES, FUNCTION_LINES, PARAMETERS, PUBLIC_NAMES = 300, 40, 6, 20
EMPTY_NAMES = {"utils", "helpers", "common", "base", "manager"}
# Arithmetic sees rows only: no engine, no network.
PURE = {
    *("trade", "diversion", "screening", "press", "finding", "corridor"),
    *("tables", "codes", "schema", "errors", "settings"),
}
LAKE = {"lake", "transaction", "manifest", "row_checks", "lake_files"}
EDGES = {"duckdb", "pyspark", "httpx", "urllib3", "requests", "sqlalchemy", "socket"}
HEAVY = {"duckdb", "numpy", "pyarrow", "scipy", "rich", "fastapi", "narwhals", "jinja2", "httpx"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


def parse(module: Path) -> ast.Module:
    return ast.parse(module.read_text("utf-8"), str(module))


def place(module: Path, node: ast.stmt | ast.expr | ast.ExceptHandler) -> str:
    return f"{module.relative_to(CHECKOUT)}:{node.lineno}"


def functions(module: Path) -> list[Function]:
    return [node for node in ast.walk(parse(module)) if isinstance(node, Function)]


def public(body: list[ast.stmt]) -> Iterator[Definition]:
    """Public functions and classes, and the public methods of those classes."""
    for node in body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


def public_functions(module: Path) -> list[Function]:
    """Public functions whose docstring is for readers of code: a command's is its help page."""
    return [
        node
        for node in public(parse(module).body)
        if isinstance(node, Function) and not is_registered(node)
    ]


def is_registered(node: Function) -> bool:
    """Whether a decorator makes it a command, a page or an overload."""
    names = {re.split(r"[.(]", ast.unparse(d), maxsplit=1)[0] for d in node.decorator_list}
    last = {ast.unparse(d).split("(")[0].split(".")[-1] for d in node.decorator_list}
    return bool(names & {"router", "app"} or last & {"command", "group", "overload"})


def own_lines(node: Function) -> int:
    """Lines of a function from its `def`, without its docstring."""
    first = node.body[0]
    has_docstring = ast.get_docstring(node, clean=False) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - docstring


def parameters(node: Function) -> list[str]:
    """Names of a function's parameters, without the object or class it belongs to."""
    spec = node.args
    names = [arg.arg for arg in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)]
    names += [arg.arg for arg in (spec.vararg, spec.kwarg) if arg is not None]
    return [name for name in names if name not in {"self", "cls"}]


def test_rooms_import_downwards_only():
    report = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as m; m()"],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(SOURCE.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert report.returncode == 0, report.stdout + report.stderr
    assert f"Contracts: {len(PYPROJECT['tool']['importlinter']['contracts'])} kept, 0 broken" in (
        report.stdout
    )


def test_arithmetic_sees_no_engine_and_no_network():
    found = []
    for module in MODULES:
        if module.is_relative_to(SOURCE) and room(module) in PURE:
            found += [f"{module.name}: {name}" for name in imports(module) & EDGES]
    assert found == []


def room(module: Path) -> str:
    return module.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(module: Path) -> set[str]:
    """Top-level packages a module imports, wherever in it the import stands."""
    nodes = list(ast.walk(parse(module)))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
class TestModule:
    def test_is_short(self, module):
        assert module.read_text("utf-8").count("\n") <= MODULE_LINES

    def test_is_named_after_what_it_holds(self, module):
        assert not EMPTY_NAMES & {module.stem, module.parent.name}

    def test_functions_fit_on_a_screen(self, module):
        sizes = {f"{place(module, n)} {n.name}": own_lines(n) for n in functions(module)}
        assert {name: size for name, size in sizes.items() if size > FUNCTION_LINES} == {}

    def test_functions_take_few_parameters(self, module):
        # A command takes one parameter per option; that is its page, not its arithmetic.
        counts = {
            f"{place(module, n)} {n.name}": len(parameters(n))
            for n in functions(module)
            if not is_registered(n)
        }
        assert {name: count for name, count in counts.items() if count > PARAMETERS} == {}

    def test_public_things_say_what_they_are(self, module):
        tree = parse(module)
        mute = [
            f"{place(module, node)} {node.name}"
            for node in public(tree.body)
            if ast.get_docstring(node) is None and not overloads(node)
        ]
        if tree.body and ast.get_docstring(tree) is None:
            mute.append(f"{module.name}: the module")
        assert mute == []

    def test_every_parameter_is_documented(self, module):
        missing = [
            f"{place(module, node)} {node.name}: {name}"
            for node in public_functions(module)
            for name in parameters(node)
            if not re.search(rf"^ +[\w*, ]*\b{name}\b[^:\n]*:", section(node, "Args"), re.MULTILINE)
        ]
        assert missing == []

    def test_what_is_raised_is_documented(self, module):
        silent = [
            f"{place(module, node)} {node.name}"
            for node in public_functions(module)
            if any(isinstance(part, ast.Raise) for part in ast.walk(node))
            and not section(node, "Raises")
        ]
        assert silent == []

    def test_no_error_is_swallowed_unnamed(self, module):
        handlers = [n for n in ast.walk(parse(module)) if isinstance(n, ast.ExceptHandler)]
        assert [place(module, handler) for handler in handlers if catches_all(handler)] == []

    def test_sql_is_written_at_the_edge_only(self, module):
        if module.is_relative_to(SOURCE) and room(module) in LAKE | {"sources"}:
            return
        found = [
            place(module, node)
            for node in ast.walk(parse(module))
            if isinstance(node, ast.JoinedStr) and is_sql(node)
        ]
        assert found == []


def overloads(node: Definition) -> bool:
    return isinstance(node, Function) and "overload" in map(ast.unparse, node.decorator_list)


def section(node: Function, title: str) -> str:
    """One section of a Google docstring; empty where it has none."""
    found = re.search(
        rf"^{title}:\n(.*?)(?=^\S|\Z)", ast.get_docstring(node) or "", re.DOTALL | re.MULTILINE
    )
    return found.group(1) if found else ""


def catches_all(handler: ast.ExceptHandler) -> bool:
    """Whether it catches whatever comes; cleaning up after anything and raising again is fine."""
    raises_again = isinstance(handler.body[-1], ast.Raise) and handler.body[-1].exc is None
    caught = "" if handler.type is None else ast.unparse(handler.type)
    names = set(re.findall(r"\w+", caught))
    return "Exception" in names or (not raises_again and (not names or "BaseException" in names))


def is_sql(node: ast.JoinedStr) -> bool:
    text = "".join(str(p.value) for p in node.values if isinstance(p, ast.Constant))
    return bool(
        re.search(
            r"\bselect\s.*\sfrom\b|\binsert\s+into\b|\bdelete\s+from\b|\bcopy\s.*\sto\b"
            r"|\b(create|drop)\s+(or\s+replace\s+)?(temp\s+)?(table|view|macro)\b",
            text,
            re.DOTALL | re.IGNORECASE,
        )
    )


def test_the_package_shows_at_most_twenty_names():
    assert len(getattr(entrepot, "__all__", ())) <= PUBLIC_NAMES


def kept_files() -> list[Path]:
    """Files that git keeps or would keep."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode:
        pytest.skip("needs a git checkout to know which files are kept.")
    paths = [CHECKOUT / name for name in listing.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_no_file_names_a_machine_or_a_registry():
    # Put together from pieces, so that this file does not name them either.
    folders = [f"/{name}/" for name in ("wo" + "rk", "t" + "mp", "ro" + "ot", "ho" + "me")]
    dot = r"\."
    hosts = [
        *(dot.join(parts) for parts in (("pyp" + "i", "org"), ("files", "python" + "hosted"))),
        *(dot.join(parts) for parts in (("registry", "npm" + "js"), ("registry", "yarn" + "pkg"))),
    ]
    pattern = re.compile("|".join(rf"(?<![\w.]){name}" for name in (*folders, *hosts)))
    found = [
        f"{path.relative_to(CHECKOUT)}: {match.group()}"
        for path in kept_files()
        if (match := pattern.search(path.read_text("utf-8", errors="replace")))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("name", "extra"), [("run", "run"), ("dev", "dev"), ("ftm", "ftm"), ("spark", "spark-local")]
)
def test_lock_pins_every_requirement_with_its_hashes(name, extra):
    lock = (CHECKOUT / "requirements" / f"{name}.txt").read_text("utf-8")
    entries = re.findall(r"^([\w.-]+)==\S+(.*(?:\n    .*)*)", lock, re.MULTILINE)
    assert [name for name, rest in entries if "--hash=sha256:" not in rest] == []
    wanted = PYPROJECT["project"]["dependencies"]
    wanted = wanted + PYPROJECT["project"]["optional-dependencies"].get(extra, [])
    names = {re.split(r"[<>=\[ ]", requirement)[0].lower() for requirement in wanted}
    assert names - {name.lower() for name, _ in entries} == set()
    assert [requirement for requirement in wanted if ">=" not in requirement] == []


def test_help_imports_nothing_heavy():
    if importlib.util.find_spec("entrepot.cli") is None:
        pytest.skip("needs entrepot.cli.")
    report = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "entrepot", "--help"],
        env={**os.environ, "PYTHONPATH": str(SOURCE.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert report.returncode == 0, report.stderr[-2000:]
    loaded = {line.split("|")[-1].strip().split(".")[0] for line in report.stderr.splitlines()}
    assert "click" in loaded
    assert loaded & HEAVY == set()
