"""What turns a check off says why, on its own line; a test that is left out says when."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MARK = r"noqa|type: ?ignore|nosec|pragma:|fmt: ?(?:off|skip)|(?:ruff|mypy|isort|pylint|pyright):"
EXCEPTION = re.compile(rf"#\s*(?:{MARK})")
WITH_REASON = re.compile(rf"#\s*(?:{MARK})[\w :,\[\]-]*?(?: -|  #) +(?!{MARK})\w")
LEFT_OUT = {"skip", "skipif", "xfail"}


def modules() -> list[Path]:
    folders = ("app", "bench", "bin", "migrations", "tests")
    return [*ROOT.glob("*.py"), *(file for folder in folders for file in (ROOT / folder).rglob("*.py"))]


def bare(source: str) -> Iterator[int]:
    """The lines that do without a reason."""
    for number, line in enumerate(source.splitlines(), 1):
        if EXCEPTION.search(line) and not WITH_REASON.search(line):
            yield number
    if re.search(r"(?:mark|pytest)\.(?:skip|xfail)", source):
        yield from _left_out_for_nothing(source)


def _left_out_for_nothing(source: str) -> Iterator[int]:
    tree = ast.parse(source)
    reasoned = {
        node.func
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (any(word.arg == "reason" for word in node.keywords) or (node.args and not _is_skipif(node.func)))
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in LEFT_OUT and node not in reasoned:
            yield from [node.lineno] if ast.unparse(node.value) in {"pytest", "pytest.mark"} else []


def _is_skipif(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr == "skipif"


def test_each_exception_from_a_check_has_its_reason():
    found = {file.relative_to(ROOT): list(bare(file.read_text())) for file in modules()}
    assert len(found) > 500
    assert not [f"{file}:{line}" for file, lines in found.items() for line in lines]


@pytest.mark.parametrize(
    "line",
    [
        "import late  # no" + "qa: E402",
        "import late  # no" + "qa",
        "late = early  # type: ig" + "nore[arg-type]",
        "late = early  # type: ig" + "nore[arg-type]  # no" + "qa: S108",
        "late = early  # fmt: sk" + "ip",
        "@pytest.mark.skip\ndef test_nothing(): ...",
        "@pytest.mark.skipif(LATE)\ndef test_nothing(): ...",
        "@pytest.mark.xfail\ndef test_nothing(): ...",
        "pytest.skip()",
    ],
)
def test_one_without_is_found(line):
    assert list(bare(f"\n{line}\n")) == [2]


@pytest.mark.parametrize(
    "line",
    [
        "import late  # no" + "qa: E402, F401 - it fills the blueprint",
        "late = early  # type: ig" + "nore[arg-type]  # newer than its stubs",
        "late = early  # fmt: sk" + "ip  # running words",
        "@pytest.mark.skipif(LATE, reason='too late')\ndef test_nothing(): ...",
        "pytest.skip('not here')",
    ],
)
def test_one_with_a_reason_passes(line):
    assert not list(bare(line))
