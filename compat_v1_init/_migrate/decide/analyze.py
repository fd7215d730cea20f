"""From source text to findings and edits. Pure, and without TensorFlow.

`_decided` has the steps in their order: the sites that are moved, what becomes of each, the edits of the imports, the
findings. `_checked` then lays out the changed lines and checks the result.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Optional

from compat_v1_init._migrate.decide.ignore import Ignored, Key, bad_marks, marks_of
from compat_v1_init._migrate.edit.added_imports import PACKAGE, addition, package_name
from compat_v1_init._migrate.edit.changed_imports import ImportChanges
from compat_v1_init._migrate.edit.comments import with_comments
from compat_v1_init._migrate.edit.layout import laid_out
from compat_v1_init._migrate.edit.optional_imports import beside, optional_imports
from compat_v1_init._migrate.edit.other_files import takes
from compat_v1_init._migrate.edit.placement import Orders
from compat_v1_init._migrate.edit.same_elsewhere import check_same_elsewhere
from compat_v1_init._migrate.edit.spans import Spans
from compat_v1_init._migrate.edit.unused_imports import is_unused, unused_after
from compat_v1_init._migrate.files.project import Project
from compat_v1_init._migrate.files.read_write import is_file, is_folder
from compat_v1_init._migrate.findings import Analysis, CallPair, Edit, Finding, Goal, Refused, apply
from compat_v1_init._migrate.source.names import Binding, Names, Scope
from compat_v1_init._migrate.source.nesting import with_room
from compat_v1_init._migrate.source.reexports import follower
from compat_v1_init._migrate.source.site import Doubt, Site, Spelling
from compat_v1_init._migrate.source.sites import find_sites
from compat_v1_init._migrate.source.tree import IMPORTS, Tree

from .by_default import by_default
from .plan import Move, Planner, is_plain

MARKERS: tuple[bytes, ...] = (
    b"variance_scaling", b"VarianceScaling", b"glorot_", b"Glorot", b"xavier_initializer", b"he_normal", b"he_uniform",
    b"lecun_", b"uniform_unit_scaling", b"UniformUnitScaling", b"_initializer", b"initializers", b"init_ops",
    b"convolutional_", b"orthogonal", b"random_normal", b"random_uniform", b"truncated_normal", b"random.normal",
    b"random.uniform",
    b"random import",
)  # fmt: skip
"""Each file with something to migrate has one of these."""


@dataclass(frozen=True)
class Given:
    """What is known of a source besides its text."""

    goal: Goal = field(default_factory=Goal)
    project: Project = field(default_factory=Project)
    """Where it is, to follow its imports of the project's own modules."""
    used: AbstractSet[str] = frozenset()
    """Names that something else uses, such as the lines of magic in a notebook; "*" for every name."""
    cells: tuple[int, ...] = ()
    """The lines, from 1, with which the cells of a notebook begin."""
    ignore: frozenset[str] = frozenset()
    """Codes of rules that are not applied, as if every line had a comment to ignore them."""
    known: Mapping[Key, int] = field(default_factory=dict)
    """How many findings of each key a baseline has; these are left alone."""


def analyze(source: str, given: Given) -> Analysis:
    r"""Returns the findings and the edits of a source, which has its own newlines and no byte order mark.

    Raises:
      Refused: if the source cannot be understood, or not be changed safely.

    Example:
    >>> source = "import tensorflow.compat.v1 as tf\nx = tf.glorot_uniform_initializer(seed=1)\ntf.set_random_seed(1)\n"
    >>> print(apply(source, analyze(source, Given()).edits))
    import compat_v1_init
    import tensorflow.compat.v1 as tf
    x = compat_v1_init.glorot_uniform_initializer(seed=1)
    tf.set_random_seed(1)
    <BLANKLINE>
    """
    try:
        return with_room(lambda: _checked(source, given))
    except RecursionError:
        raise Refused("its nesting is too deep") from None


Span = tuple[int, int]
"""Where something begins and ends in a source."""
Position = tuple[int, int]
"""A line and a column."""


def _checked(source: str, given: Given) -> Analysis:
    """Returns the analysis of a source, once it is certain that its edits change what they should and nothing else."""
    tree = Tree(source)
    analysis, changed = _without_ignored(tree, given)
    if not analysis.edits:
        return analysis
    try:
        edits = laid_out(tree, with_comments(tree, analysis.edits), has_formatter=given.project.has_formatter)
    except ValueError:
        raise Refused("two edits would overlap; nothing is changed") from None
    try:
        after = Tree(apply(source, edits))
    except Refused as error:
        reason = f"the edits would leave a file that does not parse ({error.reason}); nothing is changed"
        raise Refused(reason, error.line) from None
    check_same_elsewhere(tree, after, edits, changed)
    if _without_ignored(after, given)[0].edits:
        raise Refused("a second run would change it again; nothing is changed")
    return replace(analysis, edits=edits)


def _without_ignored(tree: Tree, given: Given) -> tuple[Analysis, list[Span]]:
    """Returns the analysis without what is to be ignored, and where the expressions are that its edits change.

    A finding that changes nothing is simply left out. If one that changes something is to be ignored, everything is
    decided again without its place, since other findings and the imports may depend on it.
    """
    found = _Found(tree, given)
    marks = marks_of(tree)
    ignored = Ignored(given.ignore, marks, given.known)
    lines = frozenset(mark.line for mark in marks if mark.codes is None)
    positions: frozenset[Position] = frozenset()
    taken: set[Finding] = set()
    while True:
        analysis, changed = _decided(found, lines, positions)
        new = [finding for finding in analysis.findings if finding not in taken and ignored.takes(finding)]
        taken.update(new)
        more = positions.union((each.line, each.column) for each in new if each.effect.is_change)
        if more == positions:
            break
        positions = more
    reported = [finding for finding in analysis.findings if finding not in taken]
    reported += [finding for finding in bad_marks(marks) if not ignored.takes(finding)]
    reported.sort(key=lambda finding: (finding.line, finding.column))
    return replace(analysis, findings=tuple(reported), known=tuple(ignored.known)), changed


class _Found:
    """What is found in a source, before it is decided what becomes of it."""

    def __init__(self, tree: Tree, given: Given) -> None:
        self.tree = tree
        self.given = given
        self.names = Names(tree, follower(given.project))
        self.sites = find_sites(tree, self.names, given.project, given.goal)
        self.package = package_name(self.names)
        """The name that `compat_v1_init` has, or will have, in this file."""
        self.by_default = by_default(
            tree, self.names, self.package, given.project, write=given.goal.defaults, is_closed=given.goal.assume_closed
        )
        self._ours: dict[str, bool] = {}
        self.cell_starts = frozenset(tree.start_of_line(line) for line in given.cells)

    def is_ours(self, module: str) -> bool:
        """Returns whether a top-level module is the project's."""
        root = self.given.project.root
        folders = [] if root is None else [root, root / "src"]
        if module not in self._ours:
            self._ours[module] = any(is_folder(each / module) or is_file(each / f"{module}.py") for each in folders)
        return self._ours[module]


def _decided(found: _Found, lines: AbstractSet[int], positions: AbstractSet[Position]) -> tuple[Analysis, list[Span]]:
    """Returns the analysis of a source, and where the expressions are that its edits change.

    Nothing is to be found on the `lines`. The sites at the `positions` are to be left alone.
    """
    tree = found.tree

    def is_ignored(site: Site) -> bool:
        is_left_alone = site.doubt is None and tree.place(site.start) in positions
        return is_left_alone or not lines.isdisjoint(_lines_of(tree, site))

    sites = _without_followers(found.names, [site for site in found.sites if not is_ignored(site)])
    defaults = [move for move in found.by_default if not is_ignored(move.site)]
    if not sites and not defaults:
        return Analysis(), []
    tensorflow = _tensorflow_name(found, sites)
    planner = Planner(tree, found.names, sites, found.given.goal, found.package, tensorflow, found.given.project)
    moves = [*(move for move in map(planner.plan, sites) if not move.is_done), *defaults]
    inner = [move for move in moves if move.site.spelling is not Spelling.FROM_IMPORT]
    edits = [edit for move in inner for edit in move.edits]
    used = {tensorflow} if any(move.uses_tensorflow for move in moves) else set()
    unused, kept = _unused_imports(found, moves, edits, used)
    edits += _changed_imports(found, moves, unused)
    _explain_unused(tree, moves, unused, edits)
    edits += _added_imports(found, inner, edits, tensorflow)
    # Of two new lines at one place `import` comes before `from`.
    edits.sort(key=lambda edit: (edit.start, edit.end, not edit.text.startswith("import ")))
    changed = [(move.start, move.end) for move in inner if move.edits]
    changed += [tree.span(move.elsewhere) for move in inner if move.elsewhere is not None]
    return _analysis(tree, moves, tuple(edits), kept), changed


def _lines_of(tree: Tree, site: Site) -> range:
    """Returns the lines of a site, with the arguments of its call."""
    call = tree.call_of(site.node)
    end = site.end if call is None else tree.span(call)[1]
    return range(tree.place(site.start)[0], tree.place(max(site.start, end - 1))[0] + 1)


def _without_followers(names: Names, sites: list[Site]) -> list[Site]:
    """Returns the sites without the names whose import or alias is left alone: they are not reported a second time."""
    moved = {site.node for site in sites if site.doubt is None and site.spelling is not Spelling.FOLLOWS}
    following: dict[_Variable, list[ast.AST]] = defaultdict(list)
    for site in sites:
        if isinstance(site.node, ast.Name) and site.spelling is Spelling.FOLLOWS and site.doubt is None:
            following[names.owner(site.node.id, names.scope_of[site.node]), site.node.id].append(site.node)
    _follow(following, moved)
    kept = {Doubt.NOT_FOLLOWED}
    return [site for site in sites if site.spelling is not Spelling.FOLLOWS or site.node in moved or site.doubt in kept]


_Variable = tuple[Optional[Scope], str]


def _follow(following: Mapping[_Variable, list[ast.AST]], moved: set[ast.AST]) -> None:
    """Adds to what is moved the reads of each variable for which all that binds it is moved: imports, and aliases."""
    rest: dict[_Variable, set[int]] = {}
    """Which bindings of each variable are not moved yet."""
    bound_with: dict[ast.AST, list[tuple[_Variable, int]]] = defaultdict(list)
    for variable in following:
        scope, name = variable
        rest[variable] = set()
        for index, nodes in enumerate(map(_bound, scope.bindings[name] if scope is not None else [])):
            if nodes and moved.isdisjoint(nodes):
                rest[variable].add(index)
                for node in nodes:
                    bound_with[node].append((variable, index))
    waiting = [variable for variable, unmoved in rest.items() if not unmoved]
    while waiting:
        for node in following[waiting.pop()]:
            moved.add(node)
            for variable, index in bound_with[node]:
                if rest[variable] == {index}:
                    waiting.append(variable)
                rest[variable].discard(index)


def _bound(binding: Binding) -> list[ast.AST]:
    """Returns the nodes of which one has to move for a binding to be moved; none for one that does not count."""
    if isinstance(binding.value, ast.Constant) or binding.is_deletion:
        return []
    return [binding.node] if binding.value is None else list(ast.walk(binding.value))


def _tensorflow_name(found: _Found, sites: list[Site]) -> str:
    """Returns the name that plain `tensorflow` has at every site, or a free one."""
    names = found.names
    nodes = [site.node for site in sites if isinstance(site.node, ast.expr)]
    for name in sorted({*names.module.bindings, "tf", "tensorflow"}, key=lambda name: (name != "tf", name)):
        if all(is_plain(names, name, node) for node in nodes) and nodes:
            return name
    taken = {name for scope in names.scopes for name in scope.bindings}
    return next((name for name in ("tf", "tensorflow", "tensorflow_") if name not in taken), "tensorflow_2")


def _unused_imports(
    found: _Found, moves: list[Move], edits: list[Edit], used: set[str]
) -> tuple[set[ast.alias], frozenset[str]]:
    """Returns the imports that nothing uses once the edits are made, and the names that something unread may use.

    The moves of imports have no edits yet. The edits are those of all other moves; `used` are names that they use.
    """
    tree, names, given = found.tree, found.names, found.given
    spans = [(edit.start, edit.end) for edit in edits if edit.end > edit.start]
    used = used | {move.edits[0].text.partition(".")[0] for move in moves if move.edits}
    path = given.project.path
    is_package = path is not None and path.name == "__init__.py"
    # Other code may use an import that this source does not, if the source is not a file.
    family = [] if path is None else [node for node in _moved_aliases(moves) if is_unused(tree, node)]

    def unused_but(kept: set[str]) -> set[ast.alias]:
        return unused_after(tree, names, spans, kept, is_package=is_package, family=family)

    unused = unused_but(used)
    gone = {alias.asname or alias.name.partition(".")[0] for alias in unused}
    kept = frozenset(gone if "*" in given.used else gone & given.used)
    taken = kept | {name for name in gone - kept if takes(given.project, name)}
    return (unused_but(used | taken) if taken else unused), kept


def _moved_aliases(moves: list[Move]) -> dict[ast.alias, Move]:
    """Returns the moves of `from` imports, by what they import."""
    return {move.site.node: move for move in moves if move.site.doubt is None and isinstance(move.site.node, ast.alias)}


def _changed_imports(found: _Found, moves: list[Move], unused: set[ast.alias]) -> list[Edit]:
    """Returns the edits that move the `from` imports of initializers and drop unused ones; each move gets its own."""
    tree = found.tree
    changes: dict[ast.stmt, ImportChanges] = defaultdict(ImportChanges)
    of_statement: dict[ast.stmt, list[Move]] = defaultdict(list)
    for alias in unused:
        changes[tree.statement(alias)].dropped.add(alias)
    for alias, move in _moved_aliases(moves).items():
        if alias not in unused and move.site.initializer is not None:
            statement = tree.statement(alias)
            changes[statement].moved[alias] = move.site.initializer
            of_statement[statement].append(move)
    edits = []
    orders = Orders(tree, found.is_ours)
    for statement, change in changes.items():
        if isinstance(statement, IMPORTS):
            of_change = change.edits(tree, statement, orders)
            edits += of_change
            for move in of_statement[statement]:
                move.edits = of_change
    return edits


_UNUSED = "The import becomes this package's; nothing in this file uses it."
_REMOVED = "Nothing uses the import, so it is removed."


def _explain_unused(tree: Tree, moves: list[Move], unused: set[ast.alias], edits: list[Edit]) -> None:
    """Gives each unused import its message; one that is removed also gets the edits that remove it."""
    spans = Spans((edit.start, edit.end) for edit in edits)
    for alias, move in _moved_aliases(moves).items():
        if not is_unused(tree, alias):
            continue
        move.message = _UNUSED
        if alias in unused:
            move.message = _REMOVED
            move.edits = [edits[index] for index in spans.meeting(tree.span(tree.statement(alias)))]


def _added_imports(found: _Found, inner: list[Move], edits: list[Edit], tensorflow: str) -> list[Edit]:
    """Returns the edits that import this package and TensorFlow, where the new source uses them."""
    tree, names = found.tree, found.names
    added: list[Edit] = []

    def add(module: str, name: str, moves: list[Move]) -> None:
        text = f"import {module}" + ("" if name == module else f" as {name}")
        statements = optional_imports(tree, names, [move.site.node for move in moves])
        for statement in statements:
            added.extend(beside(tree, statement, text))
        if not statements:
            first_use = min(edit.start for move in moves for edit in move.edits)
            added.extend(
                addition(tree, names, text, name, first_use, [*edits, *added], found.is_ours, found.cell_starts)
            )

    users = [move for move in inner if move.uses_package]
    if users:
        add(PACKAGE, found.package, users)
    users = [move for move in inner if move.uses_tensorflow and not _has_local(found, tensorflow, move)]
    if users and not _has_tensorflow(found, tensorflow, min(edit.start for move in users for edit in move.edits)):
        add("tensorflow", tensorflow, users)
    return added


def _has_local(found: _Found, name: str, move: Move) -> bool:
    """Returns whether the function around a place gives plain `tensorflow` this name."""
    scope = found.names.owner(name, found.names.scope_of[move.site.node])
    return scope is not None and not scope.is_module and is_plain(found.names, name, move.site.node)


def _has_tensorflow(found: _Found, name: str, first_use: int) -> bool:
    """Returns whether plain `tensorflow` has this name already where it is first used."""
    tree, module = found.tree, found.names.module
    meaning = found.names.meaning_of_name(name, module)
    if meaning.names != {"tensorflow"} or meaning.other:
        return False
    nodes: list[ast.AST] = [binding.node for binding in module.bindings.get(name, [])]
    # Without one the name comes from a star import.
    nodes = nodes or [
        node for node in tree.module.body if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    ]
    return any(tree.span(tree.statement(node))[0] < first_use for node in nodes)


def _analysis(tree: Tree, moves: list[Move], edits: tuple[Edit, ...], kept: frozenset[str]) -> Analysis:
    findings: dict[Finding, None] = {}
    pairs, unprovable = [], {}
    for move in moves:
        site, is_alias = move.site, isinstance(move.site.node, ast.alias)
        # An alias without an edit is removed, since nothing uses it any more.
        finding = None if is_alias and not move.edits and site.doubt is None else _finding(tree, move)
        if finding is None or finding in findings:
            continue
        findings[finding] = None
        if not move.effect.is_change or is_alias:
            continue
        if move.arguments is not None and site.initializer is not None:
            original, replaced = move.arguments
            rests_on = f"the version of the program ({site.evidence})" if site.evidence else move.rests_on
            pair = CallPair(finding, site.initializer.original, original, move.replacement, replaced, rests_on)
            pairs.append(pair)
        else:
            unprovable[finding] = move.unprovable
    return Analysis(tuple(findings), edits, tuple(pairs), unprovable, kept)


def _finding(tree: Tree, move: Move) -> Finding:
    start, end = move.start, move.end
    if isinstance(move.site.node, ast.alias):
        end = max([end, *(edit.end for edit in move.edits)])
    before = tree.source[start:end]
    after = None
    if move.effect.is_change:
        inside = [edit for edit in move.edits if start <= edit.start and edit.end <= end]
        shifted = tuple(Edit(edit.start - start, edit.end - start, edit.text) for edit in inside)
        # A statement that isort puts elsewhere.
        above = "".join(edit.text for edit in move.edits if edit.end <= start and edit not in inside)
        after = above + apply(before, shifted)
    return Finding(move.code, *tree.place(start), *tree.place(end), before, after, move.effect, move.message)
