"""Writes reference.md and a page in reference/ for each initializer, from the table of the family and the docstrings.

Needs TensorFlow: ``python docs/reference.py``.
"""

# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import compat_v1_init
from compat_v1_init._family import (
    CONTRIB,
    CONTRIB_FRAMEWORK,
    FAMILY,
    INIT_OPS,
    INITIALIZERS,
    KERAS,
    TOP,
    Initializer,
)
from compat_v1_init.keras._translate import Call, keras_call

DOCS = Path(__file__).parent
# How TF1's API spells each of its namespaces; `init_ops` is private.
SPELLED = {
    TOP: "tf",
    INITIALIZERS: "tf.initializers",
    KERAS: "tf.keras.initializers",
    CONTRIB: "tf.contrib.layers",
    CONTRIB_FRAMEWORK: "tf.contrib.framework",
}
# A shape that each can draw; [3, 4] for all others.
SHAPES = {
    "convolutional_delta_orthogonal": [3, 3, 2, 4],
    "convolutional_orthogonal_1d": [3, 2, 4],
    "convolutional_orthogonal_2d": [3, 3, 2, 4],
    "convolutional_orthogonal_3d": [3, 3, 3, 2, 4],
}
# What a docstring need not say again.
MEANINGS = {"seed": "an int, or None."}


def main() -> None:
    """Writes all pages."""
    for path, text in pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def pages() -> dict[Path, str]:
    """Returns the text of each page."""
    found = {DOCS / "reference" / f"{row.name}.md": page(row) for row in FAMILY.values()}
    return {DOCS / "reference.md": index(), **found}


def index() -> str:
    """Returns the page that lists all others."""
    rows = "".join(
        f"| [`{public(row)}`](reference/{row.name}.md) | `{tf1_names(row)[0]}` "
        f"| {f'`{row.keras}`' if row.keras else 'none'} | `{row.exact}` |\n"
        for row in FAMILY.values()
    )
    entries = "\n".join(f"reference/{row.name}" for row in FAMILY.values())
    return f"""\
# Each initializer

`python docs/reference.py` makes this page and those that it lists from the package itself. Their blocks are run as
tests. [All other names](api.md) are in the API reference.

The {len(FAMILY)} initializers, by their names in `compat_v1_init`:

| name | in TF1 | Keras' own class | the exact class, in `compat_v1_init.keras` |
|---|---|---|---|
{rows}
```{{toctree}}
:hidden:

{entries}
```
"""


def page(row: Initializer) -> str:
    """Returns the page of one initializer."""
    path = public(row)
    value = _lookup(path)
    doc = sections(inspect.getdoc(value) or "")
    defaults = ", ".join(f"{name}={_shown(default)}" for name, default in row.parameters.items())
    parts = [
        f"# {path}\n\n`compat_v1_init.{path}({defaults})`\n",
        f"{doc['']}\n",
        "In this package: [`{0}.py`](../../compat_v1_init/{0}.py).\n".format(row.module.replace(".", "/")),
        aliases(row),
        migrate(row),
        arguments(row, doc),
        called(value),
        configuration(row),
    ]
    return "\n".join(parts)


# --- The sections ----------------------------------------------------------------------------------------------------


def aliases(row: Initializer) -> str:
    """Returns all names, TF1's and here."""
    tf1, here = (", ".join(f"`{name}`" for name in names) for names in (tf1_names(row), names_here(row)))
    text = f"## Aliases\n\n* In TF1: {tf1}.\n* Here, one object: {here}.\n"
    if row.keras_defaults:
        other = ", ".join(f"`{name}={value!r}`" for name, value in row.keras_defaults.items())
        text += f"\nBy its names in `tf.keras.initializers`, TF1's has different defaults: {other}.\n"
    return text


def migrate(row: Initializer) -> str:
    """Returns how a program comes to the drop-in, and to Keras, before and after."""
    given = _code(_given(row))
    before, after = f"{tf1_names(row)[0]}({given})", f"compat_v1_init.{public(row)}({given})"
    text = "## Migrate to TF2\n\nBefore and after, with the same numbers; `compat-v1-init migrate` does it:\n\n"
    if "contrib" in before:  # TensorFlow 2 does not have it, so it cannot be run.
        text += f"| before | after |\n|---|---|\n| `{before}` | `{after}` |\n"
    else:
        text += f"```diff\n-initializer = {before.replace('tf.', 'tf.compat.v1.', 1)}\n+initializer = {after}\n```\n"
    checked = ['exact = compat_v1_init.to_keras(before, numbers="tf1")', f"kernel = exact({_shape(row)})"]
    checked.append(f"assert type(exact) is compat_v1_init.keras.{row.exact}")
    if row.keras:
        text += "\nTo Keras, with Keras' own class, or with one that keeps TF1's numbers:\n"
        checked.insert(0, "keras = compat_v1_init.to_keras(before)")
        checked.append("assert tuple(keras(kernel.shape).shape) == tuple(kernel.shape)")
    else:
        text += "\nKeras has no class for it. In Keras, this class keeps TF1's numbers:\n"
    code = "\n".join([f"before = {after}", *checked])
    text += f"\n```python\nimport compat_v1_init\n\n{code}\n```\n"
    return f"{text}\n{argument_map(row)}" if row.keras else text


def argument_map(row: Initializer) -> str:
    """Returns what each argument becomes in Keras."""
    call = keras_call(Call(row.name, dict(row.parameters)))
    rows = ""
    for name, default in row.parameters.items():
        new = row.keras_names.get(name, name)
        if name == "dtype":
            rows += "| `dtype` | the call's `dtype` | Keras' initializers have no default dtype |\n"
        elif new in call.arguments:
            rows += f"| `{name}` | `{new}` | {_note(row, name, new, default)} |\n"
        else:
            rows += f"| `{name}` | none | {'it chooses the class' if name == 'uniform' else ''} |\n"
    has_fans = row.module in ("initializers._variance_scaling", "initializers._contrib")
    note = "the fans are those of the shape that is asked for" if has_fans else ""
    rows += f"| `partition_info` of the call | none | {note} |\n"
    title = f"What becomes of each argument in `tf.keras.initializers.{row.keras}`:"
    note = f"{row.note}\n\n" if row.note else ""
    link = "[Argument by argument](../keras.md#argument-by-argument) has an example of each."
    return f"{title}\n\n| TF1 | Keras | note |\n|---|---|---|\n{rows}\n{note}{link}\n"


def _note(row: Initializer, name: str, new: str, default: Any) -> str:
    if "{}" in row.spelled.get(new, ""):
        return f"`{row.spelled[new].format(name)}`"
    if isinstance(default, str) and default.isupper():
        return "in lower case"
    notes = {
        "seed": "Keras draws different numbers for it",
        "distribution": '`"normal"` is called `"truncated_normal"`',
        "uniform": '`"uniform"` or `"truncated_normal"`',
    }
    return notes.get(name, "")


def arguments(row: Initializer, doc: dict[str, str]) -> str:
    """Returns the arguments with their defaults and meanings, and the errors."""
    meant = {**MEANINGS, **dict(_entries(doc.get("Args", "")))}
    rows = "".join(
        f"| `{name}` | `{_shown(default)}` | {_cell(meant.get(name, ''))} |\n"
        for name, default in row.parameters.items()
    )
    text = f"## Arguments\n\n| argument | default | meaning |\n|---|---|---|\n{rows}"
    if doc.get("Raises"):
        text += f"\n### Raises\n\n{_list(doc['Raises'])}"
    if doc.get("Example"):
        text += f"\n### Example\n\n```python\n{doc['Example']}\n```\n"
    return text


def called(value: Any) -> str:
    """Returns what a call takes and gives."""
    cls = value if inspect.isclass(value) else type(value())
    doc = sections(inspect.getdoc(cls.__call__) or "")
    base = compat_v1_init.variance_scaling_initializer
    if "Args" not in doc and cls is not base:  # Its own docstring sends the reader there.
        doc = {**sections(inspect.getdoc(base.__call__) or ""), "": doc[""]}
    rows = "".join(f"| `{name}` | {_cell(text)} |\n" for name, text in _entries(doc["Args"]))
    text = f"## Call\n\n`initializer(shape, dtype=None, partition_info=None)`\n\n{doc['']}\n\n"
    text += f"| argument | meaning |\n|---|---|\n{rows}"
    text += f"\n### Returns\n\n{doc['Returns']}\n" if "Returns" in doc else ""
    return text + (f"\n### Errors of a call\n\n{_list(doc['Raises'])}" if "Raises" in doc else "")


def configuration(row: Initializer) -> str:
    """Returns `get_config` and `from_config`, with an example."""
    given = _code(_given(row))
    return f"""\
## get_config and from_config

`get_config()` returns a dict of the arguments, which JSON can hold. `from_config(config)`, a class method, makes an
equal initializer of it.

```python
import compat_v1_init

initializer = compat_v1_init.{public(row)}({given})
config = initializer.get_config()
again = type(initializer).from_config(config)
assert again.get_config() == config
print(config)
```

```text
{_lookup(public(row))(**_given(row)).get_config()}
```
"""


# --- Names -----------------------------------------------------------------------------------------------------------


def public(row: Initializer) -> str:
    """Returns the name that a program uses, below `compat_v1_init`."""
    if CONTRIB in row.names:
        return f"contrib.{row.names[CONTRIB][0]}"
    return row.long if row.long in compat_v1_init.__all__ else f"initializers.{row.name}"


def tf1_names(row: Initializer) -> list[str]:
    """Returns the public names in TF1, the usual one first."""
    return [f"{SPELLED[space]}.{name}" for space, names in row.names.items() if space != INIT_OPS for name in names]


def names_here(row: Initializer) -> list[str]:
    """Returns the names here, the usual one first."""
    value, first = _lookup(public(row)), public(row)
    modules = {"": compat_v1_init, "initializers.": compat_v1_init.initializers, "contrib.": compat_v1_init.contrib}
    found = [
        prefix + name
        for prefix, module in modules.items()
        for name in module.__all__
        if getattr(module, name) is value or (name in row.names.get(CONTRIB, ()) and prefix == "contrib.")
    ]
    return [first, *(name for name in found if name != first)]


def _lookup(path: str) -> Any:
    value: Any = compat_v1_init
    for name in path.split("."):
        value = getattr(value, name)
    return value


def _shape(row: Initializer) -> list[int]:
    return SHAPES.get(row.name, [3, 4])


def _given(row: Initializer) -> dict[str, Any]:
    """Returns the arguments of the examples."""
    # The default of minval is 0 in some releases of TensorFlow and 0.0 in others.
    bounds = {"minval": 0.0, "maxval": 1.0} if "minval" in row.parameters else {}
    return {**bounds, **({"seed": 1} if "seed" in row.parameters else {})}


def _code(arguments: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in arguments.items())


# --- Docstrings ------------------------------------------------------------------------------------------------------


def sections(doc: str) -> dict[str, str]:
    """Returns the parts of a docstring by their headings; what stands before the first one under ""."""
    parts = re.split(r"^(Args|Returns|Raises|Example):\n", doc, flags=re.MULTILINE)
    found = {"": parts[0].strip()}
    for heading, text in zip(parts[1::2], parts[2::2]):
        found[heading] = inspect.cleandoc(text)
    return found


def _entries(text: str) -> Iterator[tuple[str, str]]:
    for found in re.finditer(r"^(\S[^:\n]*): (.*(?:\n +.*)*)", text, re.MULTILINE):
        yield found[1], " ".join(found[2].split())


def _list(text: str) -> str:
    return "".join(f"* `{name}` {meaning}\n" for name, meaning in _entries(text))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _shown(default: Any) -> str:
    if isinstance(default, str):
        return f"tf.{default}" if default == "float32" else f'"{default}"'
    return repr(default)


if __name__ == "__main__":
    main()
