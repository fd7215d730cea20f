"""What becomes of each site, for both targets."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compat_v1_init._translate import keras_seed

from . import imports
from .calls import Argument, Arguments, NotForKeras, NotLiteral, opening
from .findings import Edit, Effect, Target
from .lexer import lex
from .reruns import relies_on_tf1
from .rules import code_of, exact, native
from .rules.kept import ARGUMENTS, GRAPH, REFERENCE, SHARED
from .rules.reported import DOUBTS, WHY
from .rules.samplers import OUTSIDE
from .site import Doubt, Kind, Site
from .uses import Use, seed_forbids, use_of

if TYPE_CHECKING:
    from pathlib import Path

    from .names import Names
    from .rules.base import Replacement
    from .tree import Tree

_SHIM = "TF1's numbers, from compat_v1_init."

_LOSSES = "No graph seed decides them any more, and each run of the variable's initializer gives the same ones."


@dataclass
class Move:
    """What becomes of one site."""

    site: Site
    code: str
    effect: Effect
    message: str
    start: int
    end: int
    """The part of the source that the finding shows."""
    edits: list[Edit] = field(default_factory=list)
    elsewhere: ast.Call | None = None
    """The object's only call, where that gets the dtype."""
    uses_package: bool = False
    uses_tensorflow: bool = False
    replacement: str = ""
    """The new name in full, for the proof."""
    arguments: tuple[str, str] | None = None
    """Those of the original and of the replacement, where all are literals."""
    unprovable: str = ""
    is_done: bool = False
    """Whether the source is already what it would become, so that there is nothing to say."""


class Planner:
    """Plans the moves of a tree's sites.

    Args:
      tree: the tree.
      names: its scopes.
      sites: all its sites.
      to: the target.
      package: the name that `compat_v1_init` has, or will have, in this file.
      tensorflow: the name that plain `tensorflow` has, or will have, where a site itself has none for it.
      path: where the file is.
      root: the folder that its project is in.
    """

    def __init__(
        self,
        tree: Tree,
        names: Names,
        sites: list[Site],
        *,
        to: Target,
        package: str,
        tensorflow: str,
        path: Path | None,
        root: Path | None,
    ) -> None:
        self._tree = tree
        self._names = names
        self._sites = sites
        self._to = to
        self._package = package
        self._tensorflow = tensorflow
        self._path = path
        self._root = root
        self._reliance: str | None = None
        self._counted: Counter[object] | None = None

    def plan(self, site: Site) -> Move:
        """Returns what becomes of a site."""
        is_doubt = site.doubt is not None and not (site.is_written_by_us and self._to == "keras")
        if is_doubt or site.initializer is None:
            return self._reported(site)
        if site.kind is Kind.GETATTR:
            return self._getattr(site)
        call = self._call(site)
        if site.initializer.row.rule == "samplers":
            return self._to_shim(site, call, self._code(site), _SHIM)
        if self._to == "shim" or site.kind is Kind.FROM_IMPORT:
            return self._to_shim(site, call, code_of(site.initializer), _SHIM)
        if call is None or site.kind is Kind.FOLLOWS:
            message = self._no_keras(site, call)
            if call is None or message:
                return self._to_shim(site, call, REFERENCE.code, message)
        return self._to_keras(site, call)

    def _no_keras(self, site: Site, call: ast.Call | None) -> str:
        """Returns why a name becomes the drop-in with `--to keras` too; nothing where it need not."""
        if site.kind is Kind.FOLLOWS and not self._is_from_import(site):
            return "TF1's numbers, from compat_v1_init: it goes by an alias."
        if site.kind is Kind.FOLLOWS and self._is_import_tried(site):
            return "TF1's numbers, from compat_v1_init: its import is in a `try`, which needs something to try."
        if call is None:
            return "Stays TF1's initializer, from compat_v1_init, since it is named here and not called."
        return ""

    @staticmethod
    def _code(site: Site) -> str:
        assert site.initializer is not None  # noqa: S101 - told by the caller
        return OUTSIDE.code if site.is_asked_for else code_of(site.initializer)

    def _call(self, site: Site) -> ast.Call | None:
        parent = self._tree.parents.get(site.node)
        return parent if isinstance(parent, ast.Call) and parent.func is site.node else None

    def _is_from_import(self, site: Site) -> bool:
        return is_from_import(self._names, site)

    def _is_import_tried(self, site: Site) -> bool:
        """Returns whether an import that binds a name stays, since it stands alone in a `try` or what catches it."""
        assert isinstance(site.node, ast.Name)  # noqa: S101 - what follows is a name
        bindings = self._names.bindings(site.node.id, self._names.scope_of[site.node])
        parents = [self._tree.parents[self._tree.statement(self._tree.parents[each.node])] for each in bindings]
        return any(isinstance(parent, (ast.Try, ast.ExceptHandler)) for parent in parents)

    def _reported(self, site: Site) -> Move:
        doubt = site.doubt or Doubt.NOT_FOLLOWED
        return Move(site, DOUBTS[doubt].code, Effect.NEEDS_YOU, WHY[doubt], site.start, site.end)

    def _to_shim(self, site: Site, call: ast.Call | None, code: str, message: str) -> Move:
        initializer = site.initializer
        assert initializer is not None  # noqa: S101 - told by the caller
        start, end = self._tree.span(call) if call is not None else (site.start, site.end)
        move = Move(site, code, Effect.SAME, message, start, end, replacement=f"compat_v1_init.{initializer.shim}")
        if site.is_keras_v1:
            move.message += " They are those of TF1 and of Keras 2; under Keras 3 this name has others."
        name = self._tree.text(site.node) if site.kind is Kind.CHAIN else ""
        if name.endswith("keras.initializers.VarianceScaling") and not site.is_keras_v1 and self._to == "shim":
            move.message += " If an earlier run with `--to keras` wrote it, take this change back."
        if site.kind is Kind.CHAIN:
            move.edits = self._renamed(site, f"{self._package}.{initializer.shim}")
            move.uses_package = True
        self._prove_shim(move, call)
        return move

    def _renamed(self, site: Site, name: str) -> list[Edit]:
        """Returns the edits that put a name in place of a chain, and keep the comments inside of it."""
        tokens = list(lex(self._tree.source[site.start : site.end]))
        if all(kind != "comment" for kind, _, _ in tokens):
            return [Edit(site.start, site.end, name)]
        places = [site.start + offset for kind, text, offset in tokens if kind == "name" or text == "."]
        lengths = [len(text) for kind, text, _ in tokens if kind == "name" or text == "."]
        path, _, last = name.rpartition(".")
        texts = [path, *("" for _ in places[3:]), ".", last]
        return [Edit(place, place + length, text) for place, length, text in zip(places, lengths, texts)]

    def _prove_shim(self, move: Move, call: ast.Call | None) -> None:
        if call is None:
            move.unprovable = "it is not called here"
            return
        try:
            arguments = Arguments(self._tree, self._names, call, move.site.initializer.parameters)  # type: ignore[union-attr]
            literals = arguments.literals()
        except ValueError as error:
            move.unprovable = str(error)
        except NotLiteral:
            move.unprovable = "its arguments are not all literals"
        else:
            move.arguments = (literals, literals)

    def _getattr(self, site: Site) -> Move:
        initializer = site.initializer
        call = site.node
        assert initializer is not None  # noqa: S101 - told by the caller
        assert isinstance(call, ast.Call)  # noqa: S101 - what this kind of site is
        path, _, name = initializer.shim.rpartition(".")
        owner = ".".join(part for part in (self._package, path) if part)
        edits = [Edit(*self._tree.span(call.args[0]), owner)]
        literal = call.args[1]
        if isinstance(literal, ast.Constant) and literal.value != name:
            edits.append(Edit(*self._tree.span(literal), repr(name).replace("'", '"')))
        is_sampler = initializer.row.rule == "samplers"
        code = self._code(site) if self._to == "shim" or is_sampler else REFERENCE.code
        return Move(
            site, code, Effect.SAME, _SHIM, site.start, site.end, edits, uses_package=True,
            replacement=f"compat_v1_init.{initializer.shim}", unprovable="it is not called here",
        )  # fmt: skip

    # --- Keras ---

    def _to_keras(self, site: Site, call: ast.Call) -> Move:
        initializer = site.initializer
        assert initializer is not None  # noqa: S101 - told by the caller
        try:
            arguments = Arguments(self._tree, self._names, call, initializer.parameters)
        except ValueError as error:
            message = f"Stays TF1's initializer, from compat_v1_init, since {error}."
            return self._to_shim(site, call, ARGUMENTS.code, message)
        use = use_of(self._tree, self._names, call)
        # What draws nothing may be shared, and run again.
        draws = "seed" in initializer.parameters
        many = (use.many or seed_forbids(arguments, self._tree, self._seeds())) if draws else ""
        dtype = self._dtype(arguments, use)
        if not many and dtype is None:
            many = "its dtype cannot be moved to the call"
        code = SHARED.code
        if not many and draws:
            many = self._relies_on_tf1()
            code = GRAPH.code
        if not many:
            try:
                replacement = native(initializer.row, arguments)
            except NotForKeras as error:
                many = str(error)
                code = ARGUMENTS.code if initializer.row.keras else code_of(initializer)
            except NotLiteral:
                many = "what Keras' class for it is depends on an argument that is not a literal"
                code = SHARED.code
            else:
                move = self._replaced(
                    site, arguments, replacement, f"{self._plain(site)}.keras.initializers", dtype or []
                )
                if dtype and use.call is not None:
                    move.elsewhere = use.call
                    if use.call.func is call:
                        move.end = self._tree.span(use.call)[1]
                return move
        replacement = exact(initializer.row, arguments)
        move = self._replaced(site, arguments, replacement, f"{self._package}.keras", [])
        move.code, move.effect = code, Effect.SAME
        move.message = f"TF1's numbers in a Keras class, since {many}."
        move.uses_package, move.uses_tensorflow = True, False
        move.replacement = f"compat_v1_init.keras.{replacement.name}"
        return move

    def _replaced(
        self, site: Site, arguments: Arguments, replacement: Replacement, module: str, more: list[Edit]
    ) -> Move:
        initializer = site.initializer
        assert initializer is not None  # noqa: S101 - told by the caller
        start, end = self._tree.span(arguments.call)
        edits = [*self._renamed(site, f"{module}.{replacement.name}"), *more]
        changed = arguments.edits(replacement.changes, replacement.extra)
        is_exact_twin = not replacement.extra and list(replacement.changes) == list(arguments.given)
        if not (is_exact_twin and replacement.name.startswith("TF1")):
            edits += changed
        draws = "seed" in initializer.parameters
        note = f"Keras draws other numbers of the same distribution. {_LOSSES} {replacement.note}".rstrip()
        if not draws:
            note = "Keras' class of the same values."
        if more:
            note += f" The dtype is now an argument of the call in line {self._tree.place(more[0].start)[0]}."
        elif "dtype" in arguments.given and not replacement.name.startswith("TF1"):
            note += " The dtype is now that of the variable or the call."
        move = Move(
            site, code_of(initializer), Effect.OTHER if draws else Effect.SAME, note, start, end, edits,
            uses_tensorflow=module == f"{self._tensorflow}.keras.initializers",
            replacement=f"tf.keras.initializers.{replacement.name}",
        )  # fmt: skip
        # `tf.keras.initializers.VarianceScaling` is a name of TF1 too, also where an earlier run has put it.
        move.is_done = all(edit.text == self._tree.source[edit.start : edit.end] for edit in edits)
        try:
            move.arguments = (arguments.literals(), arguments.after(replacement.changes, replacement.extra))
        except NotLiteral:
            move.unprovable = "its arguments are not all literals"
        return move

    def _relies_on_tf1(self) -> str:
        if self._reliance is None:
            self._reliance = relies_on_tf1(self._tree, self._names, self._path, self._root)
        return self._reliance

    def _seeds(self) -> Counter[object]:
        """Returns how many sites have which seed: as Keras takes it, or else as source."""
        if self._counted is None:
            self._counted = Counter()
            for site in self._sites:
                call = self._call(site)
                if call is None or site.initializer is None:
                    continue
                try:
                    arguments = Arguments(self._tree, self._names, call, site.initializer.parameters)
                except ValueError:
                    continue
                if "seed" in arguments.given:
                    self._counted[_seed(arguments)] += 1
        return self._counted

    def _dtype(self, arguments: Arguments, use: Use) -> list[Edit] | None:
        """Returns the edits that move the dtype to the object's only call; None if they cannot be told."""
        given: Argument | None = arguments.given.get("dtype")
        call = use.call
        if given is None or call is None:
            return []
        if len(call.args) > 1 or any(key.arg == "dtype" for key in call.keywords):
            return []
        inline = call.func is arguments.call
        if not inline:
            try:
                arguments.value("dtype", None)
            except NotLiteral:
                return None
        end = self._tree.span(call)[1] - 1
        inside = self._tree.source[opening(self._tree, call) : end]
        if not inside.strip() or "\n" in inside or "\r" in inside or inside.rstrip().endswith(","):
            return None
        return [Edit(end, end, f", dtype={arguments.text('dtype')}")]

    def _plain(self, site: Site) -> str:
        """Returns a name for plain `tensorflow` at the site: the one that it is reached by, or the file's."""
        node = site.node
        while isinstance(node, ast.Attribute):
            node = node.value
        if isinstance(node, ast.Name) and is_plain(self._names, node.id, node):
            return node.id
        return self._tensorflow


def is_plain(names: Names, name: str, node: ast.AST) -> bool:
    """Returns whether a name is plain `tensorflow`, and nothing else, at a node."""
    meaning = names.meaning_of_name(name, names.scope_of[node])
    return meaning.names == {"tensorflow"} and not meaning.other


def is_from_import(names: Names, site: Site) -> bool:
    """Returns whether a name that follows is bound by `from` imports of TensorFlow, and not by an alias of one."""
    if not isinstance(site.node, ast.Name):
        return False
    bindings = names.bindings(site.node.id, names.scope_of[site.node])
    return bool(bindings) and all(binding.dotted is not None for binding in bindings)


def _seed(arguments: Arguments) -> object:
    """Returns a given seed as Keras takes it, whatever its source, or the source of one that is not known."""
    try:
        seed = arguments.value("seed", None)
    except NotLiteral:
        return arguments.text("seed")
    return keras_seed(seed) if isinstance(seed, int) else arguments.text("seed")


def package_import(name: str) -> str:
    """Returns the statement that imports this package under a name."""
    return f"import {imports.PACKAGE}" + ("" if name == imports.PACKAGE else f" as {name}")
