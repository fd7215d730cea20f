"""What becomes of each site: the drop-in, a class of Keras, a class with TF1's numbers, or a report to a person."""

from __future__ import annotations

import ast
import contextlib
import functools
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from compat_v1_init._migrate.findings import Edit, Effect, Goal
from compat_v1_init._migrate.rules import code_of, exact, native
from compat_v1_init._migrate.rules.kept import ARGUMENTS, GRAPH, REFERENCE, SHARED
from compat_v1_init._migrate.rules.samplers import OUTSIDE
from compat_v1_init._migrate.source.calls import Arguments, Keyword, NotForKeras, NotLiteral, opening
from compat_v1_init._migrate.source.lexer import lex
from compat_v1_init._migrate.source.site import Doubt, Site, Spelling
from compat_v1_init._migrate.source.sites import WRITTEN_BY_US
from compat_v1_init._migrate.source.upgraded import WHAT, upgraded_from
from compat_v1_init.keras._translate import keras_seed

from .reruns import relies_on_tf1
from .uses import Use, Uses, seed_forbids
from .variable_scopes import facts_of

if TYPE_CHECKING:
    from compat_v1_init._migrate.files.project import Project
    from compat_v1_init._migrate.rules.base import Replacement
    from compat_v1_init._migrate.source.index import Fact
    from compat_v1_init._migrate.source.initializer_names import NamedInitializer
    from compat_v1_init._migrate.source.names import Binding, Names
    from compat_v1_init._migrate.source.tree import Tree

_NOT_LITERALS = "its arguments are not all literals"
_DROP_IN = "TF1's numbers, from compat_v1_init."

_OTHER_NUMBERS = (
    "Keras draws different numbers of the same distribution. "
    "No graph seed decides them any more, and each run of the variable's initializer gives the same ones."
)


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
    """The object's only call, if the dtype moves there."""
    uses_package: bool = False
    uses_tensorflow: bool = False
    replacement: str = ""
    """The new name in full, for `--prove`."""
    arguments: tuple[str, str] | None = None
    """The arguments of the original and those of the replacement, if all are literals."""
    unprovable: str = ""
    """Why `--prove` cannot build it, if it cannot."""
    rests_on: str = ""
    """What else "same numbers" rests on, besides the initializer and the version of the program."""
    is_done: bool = False
    """Whether the source is already what it would become. Then there is nothing to report."""


class _Stays(NamedTuple):
    """Why a call becomes the Keras class with TF1's numbers, and the code of the rule for that."""

    code: str
    reason: str


@dataclass
class Planner:
    """Plans the moves of a tree's sites."""

    tree: Tree
    names: Names
    sites: list[Site]
    """All sites of the tree."""
    goal: Goal
    package: str
    """The name that `compat_v1_init` has, or will have, in this file."""
    tensorflow: str
    """The name that plain `tensorflow` has, or will have, if no name in a site's own chain is it."""
    project: Project

    def plan(self, site: Site) -> Move:
        """Returns what becomes of a site."""
        move = self._planned(site)
        former = upgraded_from(self.tree.call_of(site.node)) if site.is_keras_v1 else ""
        if former:
            move.message = f"{move.message} {WHAT.format(name=former)}"
        if site.evidence and (move.effect.is_change or site.doubt is Doubt.TF1_OR_TF2):
            first, _, rest = move.message.partition(". ")
            move.message = f"{first.rstrip('.')}. The evidence: {site.evidence}. {rest}".rstrip()
        return move

    def _planned(self, site: Site) -> Move:
        initializer = site.initializer
        is_doubt = site.doubt is not None and not (site.is_written_by_us and self.goal.to == "keras")
        if is_doubt or initializer is None:
            doubt = site.doubt or Doubt.NOT_FOLLOWED
            return Move(site, doubt.code, Effect.NEEDS_YOU, doubt.why, site.start, site.end)
        if isinstance(site.node, ast.Call):
            return self._getattr(site, site.node, initializer)
        call = self.tree.call_of(site.node)
        if self.goal.to == "shim" or site.spelling is Spelling.FROM_IMPORT or is_sampler(initializer):
            return self._to_drop_in(site, initializer, call, _code(site, initializer), _DROP_IN)
        why = self._why_not_keras(site, call)
        if call is None or why:
            return self._to_drop_in(site, initializer, call, REFERENCE.code, why)
        return self._to_keras(site, initializer, call)

    def _why_not_keras(self, site: Site, call: ast.Call | None) -> str:
        """Returns why a name becomes the drop-in with `--to keras` too; empty where it need not."""
        if site.spelling is Spelling.FOLLOWS and not self._is_from_import(site):
            return "TF1's numbers, from compat_v1_init: it goes by an alias."
        if site.spelling is Spelling.FOLLOWS and self._is_import_tried(site):
            return "TF1's numbers, from compat_v1_init: its import is in a `try`, which needs something to try."
        if call is None:
            return "Stays TF1's initializer, from compat_v1_init, since it is named here and not called."
        return ""

    def _bindings(self, site: Site) -> list[Binding]:
        return self.names.bindings(getattr(site.node, "id", ""), self.names.scope_of[site.node])

    def _is_from_import(self, site: Site) -> bool:
        """Returns whether only `from` imports of TensorFlow bind the name of a site, and no aliases."""
        dotted = [binding.dotted for binding in self._bindings(site)]
        return bool(dotted) and None not in dotted

    def _is_import_tried(self, site: Site) -> bool:
        """Returns whether an import that binds a name must stay, as the only statement of a `try` or an `except`."""
        nodes = [each.node for each in self._bindings(site)]
        parents = [self.tree.parents[self.tree.statement(self.tree.parents[node])] for node in nodes]
        return any(isinstance(parent, (ast.Try, ast.ExceptHandler)) for parent in parents)

    def _to_drop_in(
        self, site: Site, initializer: NamedInitializer, call: ast.Call | None, code: str, message: str
    ) -> Move:
        start, end = self.tree.span(call) if call is not None else (site.start, site.end)
        move = Move(site, code, Effect.SAME, message, start, end, replacement=f"compat_v1_init.{initializer.drop_in}")
        if site.is_keras_v1:
            move.message += " They are those of TF1 and of Keras 2; under Keras 3 this name has others."
        name = self.tree.text(site.node) if site.spelling is Spelling.CHAIN else ""
        path, _, last = name.rpartition(".")
        may_be_ours = path.endswith("keras.initializers") and last in WRITTEN_BY_US
        if may_be_ours and not site.is_keras_v1 and self.goal.to == "shim":
            move.message += " If an earlier run with `--to keras` wrote it, take this change back."
        if site.spelling is Spelling.CHAIN:
            move.edits = self._renamed(site, f"{self.package}.{initializer.drop_in}")
            move.uses_package = True
        if call is None:
            move.unprovable = "it is not called here"
            return move
        try:
            arguments = self._arguments(initializer, call)
            extra = {name: repr(value) for name, value in initializer.defaults if name not in arguments.given}
            changes = {name: Keyword(name) for name in arguments.given}
            if extra and site.spelling is Spelling.CHAIN:
                move.edits += arguments.edits(changes, extra)
            literals = arguments.after(changes, extra) if extra else arguments.literals()
        except ValueError as error:
            move.unprovable = str(error)
        except NotLiteral:
            move.unprovable = _NOT_LITERALS
        else:
            move.arguments = (literals, literals)
        return move

    def _arguments(self, initializer: NamedInitializer, call: ast.Call) -> Arguments:
        return Arguments(self.tree, self.names, call, initializer.parameters)

    def _renamed(self, site: Site, name: str) -> list[Edit]:
        """Returns the edits that replace a chain with a name, and keep the comments inside of it."""
        tokens = list(lex(self.tree.source[site.start : site.end]))
        if all(kind != "comment" for kind, _, _ in tokens):
            return [Edit(site.start, site.end, name)]
        places = [site.start + offset for kind, text, offset in tokens if kind == "name" or text == "."]
        lengths = [len(text) for kind, text, _ in tokens if kind == "name" or text == "."]
        path, _, last = name.rpartition(".")
        texts = [path, *("" for _ in places[3:]), ".", last]
        return [Edit(place, place + length, text) for place, length, text in zip(places, lengths, texts)]

    def _getattr(self, site: Site, call: ast.Call, initializer: NamedInitializer) -> Move:
        path, _, name = initializer.drop_in.rpartition(".")
        owner = ".".join(part for part in (self.package, path) if part)
        edits = [Edit(*self.tree.span(call.args[0]), owner)]
        literal = call.args[1]
        if isinstance(literal, ast.Constant) and literal.value != name:
            edits.append(Edit(*self.tree.span(literal), repr(name).replace("'", '"')))
        code = _code(site, initializer) if self.goal.to == "shim" or is_sampler(initializer) else REFERENCE.code
        return Move(
            site, code, Effect.SAME, _DROP_IN, site.start, site.end, edits, uses_package=True,
            replacement=f"compat_v1_init.{initializer.drop_in}", unprovable="it is not called here",
        )  # fmt: skip

    def _to_keras(self, site: Site, initializer: NamedInitializer, call: ast.Call) -> Move:
        try:
            arguments = self._arguments(initializer, call)
        except ValueError as error:
            message = f"Stays TF1's initializer, from compat_v1_init, since {error}."
            return self._to_drop_in(site, initializer, call, ARGUMENTS.code, message)
        use = self._uses.of(call)
        dtype = self._dtype(arguments, use)
        found = self._native(initializer, arguments, use, dtype)
        if isinstance(found, _Stays):
            return self._to_exact(site, initializer, arguments, found)
        module = f"{self._plain(site)}.keras.initializers"
        move = self._replaced(site, initializer, arguments, found, module, dtype or [])
        if dtype and use.call is not None:
            move.elsewhere = use.call
            if use.call.func is call:
                move.end = self.tree.span(use.call)[1]
        return move

    def _native(
        self, initializer: NamedInitializer, arguments: Arguments, use: Use, dtype: list[Edit] | None
    ) -> Replacement | _Stays:
        """Returns plain Keras' class for a call, or why only a class with TF1's numbers can take its place."""
        # An initializer that draws nothing may be shared, and may run again.
        draws = "seed" in initializer.parameters
        reason = (use.many or seed_forbids(arguments, self.tree, self._seeds)) if draws else ""
        if not reason and dtype is None:
            reason = "its dtype cannot be moved to the call"
        if reason:
            return _Stays(SHARED.code, reason)
        if initializer.row.name == "identity" and _known(arguments, "gain", 1.0) != 1.0:
            return _Stays(code_of(initializer), "Keras 3 does not save the gain of its Identity")
        if draws and self._reliance:
            return _Stays(GRAPH.code, self._reliance)
        try:
            return native(initializer.row_by_this_name, arguments)
        except NotForKeras as error:
            return _Stays(ARGUMENTS.code if initializer.row.keras else code_of(initializer), str(error))
        except NotLiteral:
            return _Stays(SHARED.code, "what Keras' class for it is depends on an argument that is not a literal")

    def _to_exact(self, site: Site, initializer: NamedInitializer, arguments: Arguments, stays: _Stays) -> Move:
        replacement = exact(initializer.row_by_this_name, arguments)
        move = self._replaced(site, initializer, arguments, replacement, f"{self.package}.keras", [])
        move.code, move.effect = stays.code, Effect.SAME
        move.message = f"TF1's numbers in a Keras class, since {stays.reason}."
        move.uses_package, move.uses_tensorflow = True, False
        move.replacement = f"compat_v1_init.keras.{replacement.name}"
        return move

    def _replaced(
        self,
        site: Site,
        initializer: NamedInitializer,
        arguments: Arguments,
        replacement: Replacement,
        module: str,
        dtype: list[Edit],
    ) -> Move:
        """Returns the move to a class of Keras in a module, with the edits that move the dtype elsewhere."""
        start, end = self.tree.span(arguments.call)
        edits = [*self._renamed(site, f"{module}.{replacement.name}"), *dtype]
        is_exact = replacement.name.startswith("TF1")
        has_same_arguments = not replacement.extra and list(replacement.changes) == list(arguments.given)
        if not (is_exact and has_same_arguments):
            edits += arguments.edits(replacement.changes, replacement.extra)
        draws = "seed" in initializer.parameters
        note = f"{_OTHER_NUMBERS} {replacement.note}".rstrip() if draws else "Keras' class of the same values."
        if dtype:
            note += f" The dtype is now an argument of the call in line {self.tree.place(dtype[0].start)[0]}."
        elif "dtype" in arguments.given and not is_exact:
            note += " The dtype is now that of the variable or the call."
        move = Move(
            site, code_of(initializer), Effect.OTHER if draws else Effect.SAME, note, start, end, edits,
            uses_tensorflow=module == f"{self.tensorflow}.keras.initializers",
            replacement=f"tf.keras.initializers.{replacement.name}",
        )  # fmt: skip
        # `tf.keras.initializers.VarianceScaling` is a name of TF1 too, so an earlier run may have written it.
        move.is_done = all(edit.text == self.tree.source[edit.start : edit.end] for edit in edits)
        try:
            move.arguments = (arguments.literals(), arguments.after(replacement.changes, replacement.extra))
        except NotLiteral:
            move.unprovable = _NOT_LITERALS
        return move

    @functools.cached_property
    def _uses(self) -> Uses:
        return Uses(self.tree, self.names, lambda: self._scopes)

    @functools.cached_property
    def _scopes(self) -> list[Fact]:
        return facts_of(self.tree, self.names, self.project)

    @functools.cached_property
    def _reliance(self) -> str:
        return relies_on_tf1(self.tree, self.names, self.project)

    @functools.cached_property
    def _seeds(self) -> Counter[object]:
        """How many sites have which seed: as Keras takes it, or else as source."""
        counted: Counter[object] = Counter()
        for site in self.sites:
            call = self.tree.call_of(site.node)
            if call is None or site.initializer is None:
                continue
            with contextlib.suppress(ValueError):
                arguments = self._arguments(site.initializer, call)
                if "seed" in arguments.given:
                    seed = _known(arguments, "seed", None)
                    counted[keras_seed(seed) if isinstance(seed, int) else arguments.text("seed")] += 1
        return counted

    def _dtype(self, arguments: Arguments, use: Use) -> list[Edit] | None:
        """Returns the edits that move the dtype to the object's only call; None if that is not possible."""
        call = use.call
        if "dtype" not in arguments.given or call is None:
            return []
        if len(call.args) > 1 or any(key.arg == "dtype" for key in call.keywords):
            return []
        if call.func is not arguments.call and _known(arguments, "dtype", None) is None:
            return None
        end = self.tree.span(call)[1] - 1
        inside = self.tree.source[opening(self.tree, call) : end]
        if not inside.strip() or "\n" in inside or "\r" in inside or inside.rstrip().endswith(","):
            return None
        return [Edit(end, end, f", dtype={arguments.text('dtype')}")]

    def _plain(self, site: Site) -> str:
        """Returns a name for plain `tensorflow` at the site: the one in its own chain, or else the file's."""
        node = site.node
        while isinstance(node, ast.Attribute):
            node = node.value
        if isinstance(node, ast.Name) and is_plain(self.names, node.id, node):
            return node.id
        return self.tensorflow


def is_sampler(initializer: NamedInitializer) -> bool:
    """Returns whether a name is a sampler's, which is no initializer of Keras in any form."""
    return initializer.row.rule == "samplers"


def _code(site: Site, initializer: NamedInitializer) -> str:
    return OUTSIDE.code if site.is_asked_for else code_of(initializer)


def is_plain(names: Names, name: str, node: ast.AST) -> bool:
    """Returns whether a name is plain `tensorflow`, and nothing else, at a node."""
    meaning = names.meaning_of_name(name, names.scope_of[node])
    return meaning.names == {"tensorflow"} and not meaning.other


def _known(arguments: Arguments, name: str, default: object) -> object:
    """Returns the value of an argument; None if it is not known."""
    try:
        return arguments.value(name, default)
    except NotLiteral:
        return None
