"""The engine: from source text to findings and edits. Pure, and without TensorFlow."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import imports
from .defaults import by_default
from .evidence import Project
from .files import is_file, is_folder
from .findings import Analysis, CannotAnalyze, Edit, Finding, Proof, Target, apply
from .ignore import Ignored, Key, bad_marks, marks_of
from .layout import laid_out
from .names import Names
from .neighbours import takes
from .nesting import with_room
from .plan import Move, Planner, is_plain, package_import
from .reexports import follower
from .rules import RULES
from .site import Doubt, Kind, Site
from .sites import find_sites
from .text import analyze_text
from .tree import Tree
from .verify import verify

__all__ = ["MARKERS", "RULES", "analyze", "analyze_text"]

MARKERS: tuple[bytes, ...] = (
    b"variance_scaling",
    b"VarianceScaling",
    b"glorot_",
    b"Glorot",
    b"xavier_initializer",
    b"he_normal",
    b"he_uniform",
    b"lecun_",
    b"uniform_unit_scaling",
    b"UniformUnitScaling",
    b"_initializer",
    b"initializers",
    b"init_ops",
    b"convolutional_",
    b"orthogonal",
    b"random_normal",
    b"random_uniform",
    b"truncated_normal",
    b"random.normal",
    b"random.uniform",
    b"random import",
)
"""One of these is in each file that has anything to migrate."""


def analyze(
    source: str,
    *,
    to: Target,
    path: Path | None = None,
    root: Path | None = None,
    ignore: frozenset[str] = frozenset(),
    known: Mapping[Key, int] | None = None,
    defaults: bool = False,
    samplers: bool = False,
    used: frozenset[str] = frozenset(),
    cells: Sequence[int] = (),
) -> Analysis:
    r"""Returns all that there is to say about a source.

    Args:
      source: the decoded text with its own newlines, without a byte order mark.
      to: "shim" for the drop-in, with the same numbers; "keras" for Keras' classes where that is safe.
      path: where the source is, to follow its imports of the project's own modules.
      root: the folder that the project is in.
      ignore: codes of rules; what one of them would say is left as if its lines were marked to be ignored.
      known: how many findings of each key a baseline has; they are left alone in the same way.
      defaults: whether what draws by default is written out.
      samplers: whether the samplers outside of variables are moved too.
      used: names that something else uses, such as the lines of magic in a notebook; "*" for every name.
      cells: the lines, from 1, with which the cells of a notebook begin.

    Raises:
      CannotAnalyze: if the source cannot be understood, or not be changed safely.

    Example:
    >>> from compat_v1_init._migrate.analyze import analyze
    >>> from compat_v1_init._migrate.findings import apply
    >>> source = "import tensorflow.compat.v1 as tf\nx = tf.glorot_uniform_initializer(seed=1)\ntf.set_random_seed(1)\n"
    >>> print(apply(source, analyze(source, to="shim").edits))
    import compat_v1_init
    import tensorflow.compat.v1 as tf
    x = compat_v1_init.glorot_uniform_initializer(seed=1)
    tf.set_random_seed(1)
    <BLANKLINE>
    """
    given = _Given(to, path, root, used, tuple(cells), ignore, known or {}, defaults, samplers)
    try:
        return with_room(lambda: _checked(source, given))
    except RecursionError:
        reason = "its nesting is too deep"
        raise CannotAnalyze(reason) from None


@dataclass(frozen=True)
class _Given:
    """What `analyze` is given beside the source."""

    to: Target
    path: Path | None
    root: Path | None
    used: frozenset[str]
    cells: tuple[int, ...]
    ignore: frozenset[str]
    known: Mapping[Key, int] = field(default_factory=dict)
    defaults: bool = False
    samplers: bool = False


def _checked(source: str, given: _Given) -> Analysis:
    """Returns the analysis of a source, once it is sure that its edits do what they say and nothing else."""
    tree = Tree(source)
    analysis, regions = _run(tree, given)
    if not analysis.edits:
        return analysis
    try:
        edits = laid_out(tree, analysis.edits)
    except ValueError:
        reason = "two edits would overlap; nothing is changed"
        raise CannotAnalyze(reason) from None
    try:
        after = Tree(apply(source, edits))
    except CannotAnalyze as error:
        reason = f"the edits would leave a file that does not parse ({error.reason}); nothing is changed"
        raise CannotAnalyze(reason, error.line) from None
    verify(tree, after, edits, regions)
    if _run(after, given)[0].edits:
        reason = "a second run would change it again; nothing is changed"
        raise CannotAnalyze(reason)
    return replace(analysis, edits=edits)


def _run(tree: Tree, given: _Given) -> tuple[Analysis, list[tuple[int, int]]]:
    """Returns the analysis and the expressions that its edits change.

    A finding that changes nothing is left out by itself. For one that does, the engine runs again without its place,
    until none is left that is to be ignored.
    """
    marks = marks_of(tree)
    ignored = Ignored(given.ignore, marks, given.known)
    lines = frozenset(mark.line for mark in marks if mark.codes is None)
    places: frozenset[tuple[int, int]] = frozenset()
    taken: set[Finding] = set()
    while True:
        analysis, regions = _Engine(tree, given, lines, places).run()
        new = [finding for finding in analysis.findings if finding not in taken and ignored.takes(finding)]
        taken.update(new)
        more = places.union((each.line, each.column) for each in new if each.effect.is_change)
        if more == places:
            break
        places = more
    said = [finding for finding in analysis.findings if finding not in taken]
    said += [finding for finding in bad_marks(marks) if not ignored.takes(finding)]
    said.sort(key=lambda finding: (finding.line, finding.column))
    return replace(analysis, findings=tuple(said), known=tuple(ignored.known)), regions


_UNUSED = "The import becomes this package's; nothing in this file uses it."
_REMOVED = "Nothing uses the import, so it is removed."


class _Engine:
    def __init__(self, tree: Tree, given: _Given, lines: frozenset[int], places: frozenset[tuple[int, int]]) -> None:
        self._to = given.to
        self._defaults = given.defaults
        self._samplers = given.samplers
        self._ignored_lines = lines
        self._ignored_places = places
        self._used = given.used
        self._kept: frozenset[str] = frozenset()
        self._path = given.path
        self._root = given.root
        self._project = Project(given.path, given.root)
        self._tree = tree
        self._names = Names(self._tree, follower(given.path, given.root))
        self._cell_starts = frozenset(tree.start_of_line(line) for line in given.cells)
        self._edits: list[Edit] = []

    def run(self) -> tuple[Analysis, list[tuple[int, int]]]:
        sites = self._sites()
        package = imports.package_name(self._names, imports.PACKAGE, imports.PACKAGE)
        by_default = self._by_default(package)
        if not sites and not by_default:
            return Analysis(), []
        tensorflow = self._tensorflow_name(sites)
        planner = Planner(
            self._tree,
            self._names,
            sites,
            to=self._to,
            package=package,
            tensorflow=tensorflow,
            path=self._path,
            root=self._root,
        )
        moves = [*(move for move in map(planner.plan, sites) if not move.is_done), *by_default]
        inner = [move for move in moves if move.site.kind is not Kind.FROM_IMPORT]
        self._edits = [edit for move in inner for edit in move.edits]
        self._change_imports(moves, {tensorflow} if any(move.uses_tensorflow for move in moves) else set())
        uses = [min(edit.start for edit in move.edits) for move in inner if move.uses_package]
        if uses:
            self._edits += self._addition(package_import(package), package, min(uses))
        uses = [min(edit.start for edit in move.edits) for move in inner if move.uses_tensorflow]
        if uses and not self._has_tensorflow(tensorflow, min(uses)):
            text = "import tensorflow" + ("" if tensorflow == "tensorflow" else f" as {tensorflow}")
            self._edits += self._addition(text, tensorflow, min(uses))
        # Of two new lines at one place `import` comes before `from`.
        edits = tuple(sorted(self._edits, key=lambda edit: (edit.start, edit.end, not edit.text.startswith("import "))))
        regions = [(move.start, move.end) for move in inner if move.edits]
        regions += [self._tree.span(move.elsewhere) for move in inner if move.elsewhere is not None]
        return self._analysis(moves, edits), regions

    def _by_default(self, package: str) -> list[Move]:
        found = by_default(self._tree, self._names, package, write=self._defaults, path=self._path, root=self._root)
        return [move for move in found if not self._is_ignored(move.site)]

    def _addition(self, text: str, name: str, first_use: int) -> list[Edit]:
        return imports.addition(
            self._tree, self._names, text, name, first_use, self._edits, self._is_ours, self._cell_starts
        )

    def _is_ours(self, module: str) -> bool:
        """Returns whether a top-level module is the project's."""
        folders = [] if self._root is None else [self._root, self._root / "src"]
        return any(is_folder(folder / module) or is_file(folder / f"{module}.py") for folder in folders)

    def _has_tensorflow(self, name: str, first_use: int) -> bool:
        """Returns whether plain `tensorflow` has this name already where it is first used."""
        meaning = self._names.meaning_of_name(name, self._names.module)
        if meaning.names != {"tensorflow"} or meaning.other:
            return False
        nodes: list[ast.AST] = [binding.node for binding in self._names.module.bindings.get(name, [])]
        if not nodes:
            # It comes by a star.
            nodes = [
                node
                for node in self._tree.module.body
                if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
            ]
        return any(self._tree.span(self._tree.statement(node))[0] < first_use for node in nodes)

    def _sites(self) -> list[Site]:
        found = find_sites(self._tree, self._names, self._project, samplers=self._samplers)
        sites = [site for site in found if not self._is_ignored(site)]
        moved = {site.node for site in sites if site.doubt is None and site.kind is not Kind.FOLLOWS}
        following = [site for site in sites if site.kind is Kind.FOLLOWS and site.doubt is None]
        while True:
            more = {site.node for site in following if site.node not in moved and self._follows(site, moved)}
            if not more:
                break
            moved |= more
        # A name whose import or alias is left alone is left alone too, and not reported a second time.
        return [
            site
            for site in sites
            if site.kind is not Kind.FOLLOWS or site.node in moved or site.doubt is Doubt.NOT_FOLLOWED
        ]

    def _is_ignored(self, site: Site) -> bool:
        is_on_line = not self._ignored_lines.isdisjoint(self._lines(site))
        return is_on_line or (site.doubt is None and self._tree.place(site.start) in self._ignored_places)

    def _lines(self, site: Site) -> range:
        """Returns the lines of a site, with the arguments of its call."""
        end = site.end
        parent = self._tree.parents[site.node]
        if isinstance(parent, ast.Call) and parent.func is site.node:
            end = self._tree.span(parent)[1]
        return range(self._tree.place(site.start)[0], self._tree.place(max(site.start, end - 1))[0] + 1)

    def _follows(self, site: Site, moved: set[ast.AST]) -> bool:
        """Returns whether all that binds a name is moved: imports in this file, and aliases."""
        if not isinstance(site.node, ast.Name):
            return False
        bindings = self._names.bindings(site.node.id, self._names.scope_of[site.node])
        telling = [each for each in bindings if not isinstance(each.value, ast.Constant) and not each.is_deletion]
        return all(
            not moved.isdisjoint([each.node] if each.value is None else ast.walk(each.value)) for each in telling
        )

    def _tensorflow_name(self, sites: list[Site]) -> str:
        """Returns the name that plain `tensorflow` has at every site, or a free one."""
        module = self._names.module
        nodes = [site.node for site in sites if isinstance(site.node, ast.expr)]
        for name in sorted({*module.bindings, "tf", "tensorflow"}, key=lambda name: (name != "tf", name)):
            if all(is_plain(self._names, name, node) for node in nodes) and nodes:
                return name
        taken = {name for scope in self._names.scopes for name in scope.bindings}
        for name in ("tf", "tensorflow", "tensorflow_"):
            if name not in taken:
                return name
        return "tensorflow_2"

    def _unused_imports(self, moves: list[Move], kept: set[str]) -> set[ast.alias]:
        """Returns the imports that nothing uses, once the other edits are made."""
        spans = [(edit.start, edit.end) for edit in self._edits if edit.end > edit.start]
        kept = kept | {move.edits[0].text.partition(".")[0] for move in moves if move.edits}
        is_package = self._path is not None and self._path.name == "__init__.py"
        # Where there is no file, others may use an import that this source does not.
        family = [] if self._path is None else self._unused_family(moves)

        def unused_but(kept: set[str]) -> set[ast.alias]:
            return imports.unused_after(self._tree, self._names, spans, kept, is_package=is_package, family=family)

        unused = unused_but(kept)
        names = {alias.asname or alias.name.partition(".")[0] for alias in unused}
        self._kept = frozenset(names if "*" in self._used else names & self._used)
        taken = self._kept | {name for name in names - self._kept if self._takes(name)}
        return unused_but(kept | taken) if taken else unused

    def _change_imports(self, moves: list[Move], kept: set[str]) -> None:
        """Moves the `from` imports of initializers, and drops the imports that the other edits leave unused."""
        unused = self._unused_imports(moves, kept)
        changes: dict[ast.stmt, imports.ImportChanges] = defaultdict(imports.ImportChanges)
        of_statement: dict[ast.stmt, list[Move]] = defaultdict(list)
        for alias in unused:
            changes[self._tree.statement(alias)].dropped.add(alias)
        for move in moves:
            node = move.site.node
            if isinstance(node, ast.alias) and move.site.doubt is None and node not in unused:
                assert move.site.initializer is not None  # noqa: S101 - without a doubt there is one
                changes[self._tree.statement(node)].moved[node] = move.site.initializer
                of_statement[self._tree.statement(node)].append(move)
        for statement, change in changes.items():
            assert isinstance(statement, imports.ImportStatement)  # noqa: S101 - where aliases are
            edits = change.edits(self._tree, statement, self._is_ours)
            self._edits += edits
            for move in of_statement[statement]:
                move.edits = edits
        self._say_what_is_unused(moves, unused)

    def _say_what_is_unused(self, moves: list[Move], unused: set[ast.alias]) -> None:
        for move in moves:
            node = move.site.node
            if not isinstance(node, ast.alias) or move.site.doubt is not None:
                continue
            if imports.is_unused(self._tree, node):
                move.message = _REMOVED if node in unused else _UNUSED
                if node in unused:
                    move.edits = [edit for edit in self._edits if self._touches(edit, node)]

    def _unused_family(self, moves: list[Move]) -> list[ast.alias]:
        """Returns the imports of the family that would be moved, though nothing uses them."""
        nodes = [move.site.node for move in moves if move.site.doubt is None]
        return [node for node in nodes if isinstance(node, ast.alias) and imports.is_unused(self._tree, node)]

    def _touches(self, edit: Edit, alias: ast.alias) -> bool:
        start, end = self._tree.span(self._tree.statement(alias))
        return edit.start < end and edit.end > start

    def _takes(self, name: str) -> bool:
        """Returns whether another file of the project may take a name from this one."""
        return self._path is not None and takes(self._path, self._root, name)

    def _analysis(self, moves: list[Move], edits: tuple[Edit, ...]) -> Analysis:
        findings: dict[Finding, None] = {}
        proofs, unprovable = [], {}
        for move in moves:
            is_alias = isinstance(move.site.node, ast.alias)
            if is_alias and not move.edits and move.site.doubt is None:
                continue  # Dropped, since all its uses have gone.
            finding = self._finding(move)
            if finding in findings:
                continue
            findings[finding] = None
            if not move.effect.is_change or is_alias:
                continue
            if move.arguments is not None and move.site.initializer is not None:
                original, replaced = move.arguments
                proofs.append(Proof(finding, move.site.initializer.original, original, move.replacement, replaced))
            else:
                unprovable[finding] = move.unprovable
        return Analysis(tuple(findings), edits, tuple(proofs), unprovable, self._kept)

    def _finding(self, move: Move) -> Finding:
        start, end = move.start, move.end
        if isinstance(move.site.node, ast.alias):
            end = max([end, *(edit.end for edit in move.edits)])
        before = self._tree.source[start:end]
        after = None
        if move.effect.is_change:
            inside = [edit for edit in move.edits if start <= edit.start and edit.end <= end]
            shifted = tuple(Edit(edit.start - start, edit.end - start, edit.text) for edit in inside)
            # A statement that isort has elsewhere.
            above = "".join(edit.text for edit in move.edits if edit.end <= start and edit not in inside)
            after = above + apply(before, shifted)
        line, column = self._tree.place(start)
        end_line, end_column = self._tree.place(end)
        return Finding(move.code, line, column, end_line, end_column, before, after, move.effect, move.message)
