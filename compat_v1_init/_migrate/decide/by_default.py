"""Calls that draw from the family without naming it: TF1's variables and layers without an initializer.

`get_variable` then draws glorot uniform. So do `tf.layers`, which get their variables from it. Slim's layers draw
contrib's xavier. Each such call is reported. `--defaults` writes the initializer out if only TF1's own default can
decide the numbers, so that they stay the same.

The defaults are those of TensorFlow 1.15's `variable_scope.py` and `layers`, and of tf_slim 1.1.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat_v1_init._family import FAMILY
from compat_v1_init._migrate.findings import Edit, Effect
from compat_v1_init._migrate.rules.by_default import LAYERS, SLIM, VARIABLES
from compat_v1_init._migrate.source.calls import NotLiteral, argument_spans, literal, opening
from compat_v1_init._migrate.source.initializer_names import NamedInitializer
from compat_v1_init._migrate.source.site import Site, Spelling
from compat_v1_init._migrate.source.takers import (
    GET_VARIABLE,
    SCOPES,
    SLIM_LAYERS,
    TF_LAYERS,
    WEIGHTS,
    bind,
    is_none,
    last_name,
)
from compat_v1_init._migrate.source.tree import FUNCTIONS
from compat_v1_init._sampling.dtypes import FLOAT_NAMES

from .closed_world import callers_elsewhere
from .plan import Move
from .variable_scopes import DTYPE, GETTER, INITIALIZER, MAY, RUNS, V1, facts_of, first

if TYPE_CHECKING:
    from compat_v1_init._migrate.files.project import Project
    from compat_v1_init._migrate.source.index import Fact
    from compat_v1_init._migrate.source.names import Names, Scope
    from compat_v1_init._migrate.source.tree import Tree

MARKERS: tuple[bytes, ...] = (b"get_variable", b"layers", b"slim")
"""Each file with such a call has one of these."""

_GLOROT = NamedInitializer(FAMILY["glorot_uniform"], "glorot_uniform_initializer", "tf.compat.v1.get_variable")
_NOT_RANDOM = frozenset(
    {
        "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
        "string", "complex64", "complex128",
    }
)  # fmt: skip


_OF_SLIM = ("tensorflow.contrib.layers.", "tensorflow.contrib.slim.", "tf_slim.layers.", "tf_slim.")
# Functions that call a layer which is given as an argument, with the position of that argument.
_CALLERS = {"repeat": 2, "stack": 1}
_LAST_NAMES = frozenset({"get_variable", *TF_LAYERS, *SLIM_LAYERS, *_CALLERS})


def by_default(
    tree: Tree, names: Names, package: str, project: Project, *, write: bool, is_closed: bool = False
) -> list[Move]:
    """Returns the report of each call that draws by default or, with `write`, the change.

    Args:
      tree: the tree.
      names: its scopes.
      package: the name that `compat_v1_init` has, or will have, in this file.
      project: the file and its project.
      write: whether initializers are written out.
      is_closed: whether to take it that no program outside of the project calls the file's functions.
    """
    calls = list(_calls(tree, names))
    if not (calls and write):
        return [_move(tree, call, package, None) for call in calls]
    facts = facts_of(tree, names, project)
    callers = "" if is_closed else callers_elsewhere(tree, project)
    return [_move(tree, call, package, _Deciding(facts, callers)) for call in calls]


@dataclass(frozen=True)
class _Deciding:
    """What may decide the numbers, besides the call itself."""

    facts: list[Fact]
    """What the project's scopes set."""
    callers: str
    """Why programs outside of the project may call the file's functions."""


# --- Finding them ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _ByDefault:
    """A call that draws by default."""

    node: ast.Call
    rule: str
    parameters: tuple[str, ...]
    """Those of the function."""
    missing: list[str]
    """Those that are to be written out."""
    doubt: str | None
    """Why they cannot be written out, as far as the call itself shows."""


def _calls(tree: Tree, names: Names) -> Iterator[_ByDefault]:
    known: dict[tuple[Scope | None, str], bool] = {}
    for node in tree.nodes:
        if not isinstance(node, ast.Call) or not _may_be(names, node.func, known):
            continue
        if any(isinstance(value, ast.Starred) for value in node.args) or any(key.arg is None for key in node.keywords):
            continue  # These may hold the initializer.
        meaning = names.meaning(node.func)
        if meaning.names and not meaning.other and not meaning.unbound:
            found = _judge(tree, names, node, meaning.names)
            if found is not None:
                yield found


def _may_be(names: Names, function: ast.expr, known: dict[tuple[Scope | None, str], bool]) -> bool:
    """Returns whether the name of a function is one of those. To find out what every name stands for would be slow.

    Args:
      names: the scopes.
      function: what is called.
      known: the answers for plain names so far.
    """
    if isinstance(function, ast.Attribute):
        return function.attr in _LAST_NAMES
    if not isinstance(function, ast.Name):
        return False
    owner = names.owner(function.id, names.scope_of[function])
    if (owner, function.id) not in known:
        known[owner, function.id] = any(
            (binding.dotted or "").rpartition(".")[2] in _LAST_NAMES
            or (isinstance(binding.value, ast.Attribute) and binding.value.attr in _LAST_NAMES)
            for binding in (owner.bindings[function.id] if owner is not None else [])
        )
    return known[owner, function.id]


def _judge(tree: Tree, names: Names, node: ast.Call, dotted: frozenset[str]) -> _ByDefault | None:
    """Returns what a call is, if everything that it may call draws by default."""
    plain = {name.replace("tensorflow.compat.v1.", "tensorflow.") for name in dotted}
    if len(plain) != 1:
        return None
    name = plain.pop()
    last = name.rpartition(".")[2]
    if name == "tensorflow.get_variable":
        return None if _is_in_scope(tree, names, node) else _variable(names, node)
    if name == f"tensorflow.layers.{last}" and last in TF_LAYERS:
        parameters = TF_LAYERS[last]
        given = bind(node, parameters).given
        missing = [each for each in parameters if each in WEIGHTS and is_none(given.get(each))]
        if not missing or _is_in_scope(tree, names, node):
            return None
        is_v1 = all(each.startswith("tensorflow.layers.") for each in dotted)
        return _ByDefault(node, LAYERS.code, parameters, missing, None if is_v1 else "v1")
    if name.startswith(_OF_SLIM):
        return _slim(tree, names, node, last)
    return None


def _variable(names: Names, node: ast.Call) -> _ByDefault | None:
    given = bind(node, GET_VARIABLE).given
    if not is_none(given.get("initializer")) or is_none(given.get("shape")):
        return None  # Without a shape it gets a variable that already exists.
    doubt = None
    dtype = given.get("dtype")
    if dtype is not None and not is_none(dtype):
        last = dtype.attr if isinstance(dtype, ast.Attribute) else None
        try:
            last = last or str(literal(dtype, names))
        except NotLiteral:
            doubt = "its dtype is not known here"
        else:
            if last in _NOT_RANDOM:
                return None
            doubt = None if last in FLOAT_NAMES else "its dtype is not known here"
    if "custom_getter" in given:
        doubt = "it has a getter of its own"
    return _ByDefault(node, VARIABLES.code, GET_VARIABLE, ["initializer"], doubt)


def _slim(tree: Tree, names: Names, node: ast.Call, last: str) -> _ByDefault | None:
    if last in _CALLERS:
        position = _CALLERS[last]
        layer = node.args[position] if len(node.args) > position else None
        if not isinstance(layer, (ast.Attribute, ast.Name)):
            return None
        found = names.meaning(layer).names
        if not found or not all(each.startswith(_OF_SLIM) and each.rpartition(".")[2] in SLIM_LAYERS for each in found):
            return None
    elif last not in SLIM_LAYERS:
        return None
    if "weights_initializer" in bind(node, ()).given or _is_in(tree, names, node, "arg_scope", "weights_initializer"):
        return None
    return _ByDefault(node, SLIM.code, (), [], "an arg_scope around it may say otherwise")


def _is_in_scope(tree: Tree, names: Names, node: ast.AST) -> bool:
    """Returns whether a `with` around a call sets an initializer for it, even None."""
    return _is_in(tree, names, node, "variable_scope", "initializer")


def _is_in(tree: Tree, names: Names, node: ast.AST, scope: str, parameter: str) -> bool:
    for parent in tree.ancestors(node):
        if isinstance(parent, (*FUNCTIONS, ast.ClassDef)):
            return False
        for item in parent.items if isinstance(parent, ast.With) else ():
            call = item.context_expr
            if isinstance(call, ast.Call) and parameter in bind(call, SCOPES.get(last_name(call), ())).given:
                found = names.meaning(call.func).names
                if any(each.rpartition(".")[2] == scope for each in found):
                    return True
    return False


# --- Writing them out ------------------------------------------------------------------------------------------------

_DRAWS = {
    VARIABLES.code: "TF1's glorot uniform, since no initializer is given",
    LAYERS.code: "TF1's glorot uniform, since no initializer is given",
    SLIM.code: "contrib's xavier, slim's own default",
}


def _move(tree: Tree, found: _ByDefault, package: str, deciding: _Deciding | None) -> Move:
    node = found.node
    start, end = tree.span(node)
    site = Site(node, Spelling.CHAIN, start, end, _GLOROT)
    move = Move(site, found.rule, Effect.DEFAULT, "", start, end, replacement=f"compat_v1_init.{_GLOROT.drop_in}")
    draws = _DRAWS[found.rule]
    if found.rule == SLIM.code:
        move.message = f"It draws {draws}; {found.doubt}, so it is for you to write out."
    elif deciding is None:
        move.message = f"It draws {draws}; --defaults writes it out where that is all that decides."
    else:
        doubt = _doubt(tree, found, deciding)
        if doubt is None:
            move.rests_on = "the scopes of the programs that call it, in which no other initializer was found"
            move.edits = list(_edits(tree, found, f"{package}.{_GLOROT.drop_in}()"))
            move.effect, move.uses_package, move.arguments = Effect.SAME, True, ("", "")
            move.message = f"What TF1 draws here by default is written out: {draws.partition(',')[0]}."
        else:
            move.message = f"It draws {draws}; it is not written out, since {doubt}."
    return move


def _doubt(tree: Tree, found: _ByDefault, deciding: _Deciding) -> str | None:
    """Returns why the numbers might change; None if they stay the same."""
    if any(isinstance(parent, ast.JoinedStr) for parent in tree.ancestors(found.node)):
        return "it is in a string"
    fact = first(deciding.facts, INITIALIZER, GETTER, DTYPE)
    if fact is not None:
        return _of_scope(fact)
    if found.doubt == "v1" and first(deciding.facts, V1) is None:
        return "no file of the project calls disable_v2_behavior() in all cases, without which Keras decides"
    return (found.doubt if found.doubt != "v1" else None) or deciding.callers or None


def _of_scope(fact: Fact) -> str:
    if fact.what == MAY:
        return f"a scope may be set by what reaches it at {fact.place}, which is no plain call"
    if fact.what == RUNS:
        return f"code that is not seen runs at {fact.place}, with TensorFlow in reach, and may set a scope"
    if fact.what:
        return f"a scope may be set {fact.what} at {fact.place}"
    what = "the dtype" if fact.kind == DTYPE else "an initializer or a getter"
    return f"a scope of the project sets {what} at {fact.place}"


def _edits(tree: Tree, found: _ByDefault, text: str) -> Iterator[Edit]:
    """Yields the edits that give a call its initializers, each as its last argument or in place of None."""
    node = found.node
    spans = argument_spans(tree, node)
    values = sorted([*node.args, *(key.value for key in node.keywords)], key=tree.span)
    added = []
    bound = bind(node, found.parameters).given
    for parameter in found.missing:
        given = bound.get(parameter)
        if given is None:
            added.append(f"{parameter}={text}")
        else:
            _, value_start, end = spans[values.index(given)]
            yield Edit(value_start, end, text)
    if added and not spans:
        start = opening(tree, node)
        yield Edit(start, start, ", ".join(added))
    elif added:
        start, _, end = spans[-1]
        line = tree.start_of_line(tree.place(start)[0])
        indent = tree.source[line:start]
        # If the last argument has its own line, a new one gets its own line too.
        space = f"{tree.newline_at(start)}{indent}" if len(spans) > 1 and not indent.strip() else " "
        yield Edit(end, end, "".join(f",{space}{each}" for each in added))
