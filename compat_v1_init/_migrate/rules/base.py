"""What a rule is, and the Keras class for a call."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Union

from compat_v1_init._migrate.source.calls import Arguments, Keyword, NotForKeras, NotLiteral
from compat_v1_init.keras._translate import Call, keras_call

if TYPE_CHECKING:
    from compat_v1_init._family import Initializer
    from compat_v1_init._migrate.findings import Target

# A computed number that is longer than this is written as its computation.
_SHORT = len("0.0625")
# Used in place of a number that only the running program knows.
_UNKNOWN = 3.0


@dataclass(frozen=True)
class Rule:
    """A kind of finding, as the documentation shows it."""

    code: str
    title: str
    summary: str
    before: str
    after: str
    target: Target = "keras"
    option: str = ""
    """The option without which the change is not made."""

    @property
    def way(self) -> str:
        """The option with which the change is made; empty, if there is none."""
        return "" if self.after == self.before else self.option or f"--to {self.target}"


def unchanged(code: str, title: str, summary: str, source: str, *, option: str = "") -> Rule:
    """Returns a rule that changes nothing, with an example."""
    return Rule(code, title, summary, source, source, "shim", option)


@dataclass(frozen=True)
class Replacement:
    """A class that replaces an initializer, and what each argument becomes."""

    name: str
    """Of `tf.keras.initializers` or of `compat_v1_init.keras`."""
    changes: Mapping[str, Union[Keyword, None]]  # noqa: UP007 - read at run time, on Python 3.9 too
    extra: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    """A sentence with what a person should know about the change."""


def native(row: Initializer, arguments: Arguments) -> Replacement:
    """Returns the plain Keras class for a call, as `to_keras` makes it from the same arguments.

    Raises:
      NotLiteral: if that cannot be known.
      NotForKeras: if there is none.
    """
    known = _known(row, arguments)
    if not known.keys() >= set(row.decides):
        raise NotLiteral
    call = _keras_call(row, known)
    changes = {name: _change(row, name, known, call, arguments) for name in arguments.given}
    sources = {row.keras_names.get(name, name): name for name in row.parameters}
    extra = {
        name: _source(row, name, call.arguments[name], repr(row.parameters.get(sources.get(name, ""))))
        for name in row.written
        if name in call.arguments and sources.get(name) not in arguments.given
    }
    # Some notes are on what is written out, which need not be if it was given.
    return Replacement(call.name, changes, extra, row.note if extra or not row.written else "")


def _change(row: Initializer, name: str, known: Mapping[str, Any], call: Call, arguments: Arguments) -> Keyword | None:
    """Returns what one given argument becomes."""
    new = row.keras_names.get(name, name)
    if new not in call.arguments:
        return None
    value = call.arguments[new]
    if repr(value) == repr(known.get(name, _UNKNOWN)):
        return Keyword(new)
    if name in known:
        return Keyword(new, _source(row, new, value, arguments.text(name)))
    return Keyword(new, row.spelled[new].format(arguments.text(name)) if new in row.spelled else None)


def _known(row: Initializer, arguments: Arguments) -> dict[str, Any]:
    """Returns the value of each parameter that does not depend on the running program."""
    known = {}
    for name, default in row.parameters.items():
        with contextlib.suppress(NotLiteral):
            known[name] = arguments.value(name, default)
    return known


def _keras_call(row: Initializer, known: Mapping[str, Any]) -> Call:
    stand_ins = {name: _UNKNOWN if isinstance(default, float) else default for name, default in row.parameters.items()}
    try:
        call = keras_call(Call(row.name, {**stand_ins, **known}))
    except (TypeError, ValueError) as error:
        raise NotForKeras(str(error).partition(". Received: ")[0]) from None
    for name, value in call.arguments.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise NotForKeras(f"Keras' {call.name} would have {name}={value!r}, which is no number")
    return call


def _source(row: Initializer, name: str, value: Any, text: str) -> str:
    """Returns the source of an argument of Keras' class; `text` is that of TF1's argument that it comes from."""
    if name in row.spelled and len(repr(value)) > _SHORT:
        return row.spelled[name].format(text)
    return f'"{value}"' if isinstance(value, str) else repr(value)


def exact(row: Initializer, arguments: Arguments) -> Replacement:
    """Returns the Keras class with TF1's numbers for a call: the same arguments, and those that its name implies."""
    changes = {name: Keyword(name) for name in arguments.given}
    extra = {name: _source(row, "", value, "") for name, value in row.fixed.items() if name not in arguments.given}
    return Replacement(row.exact, changes, extra)
