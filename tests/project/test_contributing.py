"""The lists of CONTRIBUTING.md, tried on a copy of the package: a new initializer, and the rule that migrates it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from running import PACKAGE, ROOT, python

# Each adds to a file: what stands there, and what is put before it.
RULE = {
    "_migrate/rules/half.py": (
        "",
        """
from .base import Rule

RULE = Rule(
    code="CVI013",
    title="half",
    summary="`tf.initializers.half_normal`.",
    before="import tensorflow as tf\\n",
    after="import tensorflow as tf\\n",
    target="keras",
)
""",
    ),
    "_migrate/rules/__init__.py": (
        "OF_FAMILY: dict[str, Rule] = {\n",
        "from . import half\n\n",
    ),
    "_family.py": (
        '    _he_or_lecun("lecun_normal",',
        """\
    Initializer(
        "half_normal",
        _parameters(seed=None),
        rule="half",
        module="initializers._variance_scaling",
        exact="TF1VarianceScaling",
        keras="VarianceScaling",
        maker="half_normal",
        base="variance_scaling",
        fixed={"scale": 0.5, "mode": "fan_in", "distribution": "truncated_normal"},
        names={INITIALIZERS: ("half_normal",), INIT_OPS: ("half_normal",)},
    ),
""",
    ),
}
INITIALIZER = {
    "initializers/_variance_scaling.py": (
        "def he_normal(",
        """\
def half_normal(seed: int | None = None) -> VarianceScaling:
    return VarianceScaling(0.5, seed=seed)


""",
    ),
    "initializers/__init__.py": ('    "he_normal",\n', '    "half_normal",\n'),
}
IN_LIST = '    "glorot": glorot.RULE,\n'

SOURCE = """\
import tensorflow as tf

w = tf.get_variable("w", [2, 3], initializer=tf.initializers.half_normal(seed=1))
"""
PROGRAM = """
import sys
import tensorflow as tf
import compat_v1_init
from compat_v1_init.__main__ import main

one, other = compat_v1_init.initializers.half_normal(seed=1), compat_v1_init.variance_scaling_initializer(0.5, seed=1)
tf.random.set_seed(1)
expected = other([2, 3]).numpy().tobytes()
tf.random.set_seed(1)
assert one([2, 3]).numpy().tobytes() == expected
keras = compat_v1_init.to_keras("half_normal")
assert (type(keras).__name__, keras.get_config()["scale"]) == ("VarianceScaling", 0.5)
assert main(["rules", "CVI013"]) == 0
assert main(["migrate", "--write", "a.py"]) == 0
print(open("a.py").read())
"""


def _files_of(*headings: str) -> set[str]:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    lists = [re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)[0] for heading in headings]
    return set(re.findall(r"`compat_v1_init/([\w/.]+)`", "".join(lists)))


@pytest.mark.slow
def test_a_rule_and_an_initializer_need_the_files_of_the_lists_and_no_other(tmp_path: Path) -> None:
    copy = shutil.copytree(PACKAGE, tmp_path / "copy" / "compat_v1_init", ignore=shutil.ignore_patterns("__pycache__"))
    changes = {**RULE, **INITIALIZER}
    named = {path.replace("NAME", "half") for path in _files_of("Add a migration rule", "Add an initializer")}
    assert set(changes) <= named
    for name, (before, text) in changes.items():
        path = copy / name
        source = path.read_text(encoding="utf-8") if before else ""
        assert before in source
        path.write_text(source.replace(before, text + before, 1) if before else text, encoding="utf-8")
    rules = copy / "_migrate" / "rules" / "__init__.py"
    source = rules.read_text(encoding="utf-8")
    assert IN_LIST in source
    rules.write_text(source.replace(IN_LIST, f'{IN_LIST}    "half": half.RULE,\n', 1), encoding="utf-8")
    (tmp_path / "a.py").write_text(SOURCE)
    done = python("-c", PROGRAM, first=(tmp_path / "copy",), cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "initializer=compat_v1_init.initializers.half_normal(seed=1))\n" in done.stdout
    assert "CVI013" in done.stdout
