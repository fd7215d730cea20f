"""Imports of TensorFlow without which a program still works: in a `try`, under a condition, or inside a function.

Such a program must work as before where neither TensorFlow nor this package is installed. So a new import belongs
beside that of TensorFlow, and not at the top of the file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from compat_v1_init._migrate.findings import Edit
from compat_v1_init._migrate.source.takers import last_name
from compat_v1_init._migrate.source.tf_name import is_of_tensorflow

from .placement import STANDARD_MODULES, does_import

if TYPE_CHECKING:
    from compat_v1_init._migrate.source.names import Names
    from compat_v1_init._migrate.source.tree import Tree

_CATCH_MISSING = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
_END = {"exit", "_exit", "quit", "skip", "importorskip", "abort"}


def optional_imports(tree: Tree, names: Names, nodes: Iterable[ast.AST]) -> list[ast.stmt]:
    """Returns the imports that TensorFlow's name comes from at some nodes; none if TensorFlow is needed anyway."""
    if _imports(tree.module.body):
        return []
    found: dict[ast.stmt, None] = {}
    for node in nodes:
        of_node = list(_imports_of(tree, names, node, set()))
        if not of_node or None in of_node:
            return []
        found.update(dict.fromkeys(each for each in of_node if each is not None))
    return sorted(found, key=tree.span)


def beside(tree: Tree, statement: ast.stmt, text: str) -> list[Edit]:
    """Returns the edit that adds an import ahead of another one in its block, or none if it is there already."""
    module = text.split()[1]
    block = next(
        value for _, value in ast.iter_fields(tree.parents[statement]) if isinstance(value, list) and statement in value
    )
    if any(isinstance(each, ast.Import) and tree.text(each) == text for each in block):
        return []
    if not tree.is_alone(statement):
        start = tree.span(statement)[0]
        return [Edit(start, start, f"{text}; ")]
    index = block.index(statement)
    while index and _comes_after(tree, block[index - 1], block[index], module):
        index -= 1
    start = tree.span(block[index])[0]
    line = tree.line_of(start)[0]
    return [Edit(line, line, tree.source[line:start] + text + tree.newline_at(line))]


def _comes_after(tree: Tree, statement: ast.stmt, following: ast.stmt, module: str) -> bool:
    """Returns whether isort puts a statement behind the import of a module, in the section of the following one."""
    if not isinstance(statement, ast.Import) or not tree.is_alone(statement):
        return False
    lines = tree.place(tree.span(following)[0])[0] - tree.place(tree.span(statement)[1])[0]
    name = statement.names[0].name
    return lines == 1 and name > module and name.partition(".")[0] not in STANDARD_MODULES


def _imports_of(tree: Tree, names: Names, node: ast.AST, seen: set[object]) -> Iterator[ast.stmt | None]:
    """Yields the imports that the first name of a chain or a call comes from; None where that is something else."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "getattr" and node.args:
        node = node.args[0]
    while isinstance(node, (ast.Attribute, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    if not isinstance(node, ast.Name):
        yield None
        return
    owner = names.owner(node.id, names.scope_of[node])
    for binding in names.bindings(node.id, names.scope_of[node]):
        if binding.node in seen or isinstance(binding.value, ast.Constant) or binding.is_deletion:
            continue
        seen.add(binding.node)
        if binding.value is not None:
            yield from _imports_of(tree, names, binding.value, seen)
        elif isinstance(binding.node, ast.alias) and is_of_tensorflow(binding.dotted or ""):
            statement = tree.statement(tree.parents[binding.node])
            if not any(_is_for_types(parent) for parent in tree.ancestors(statement)):
                # What a class or a `global` binds cannot be seen by the same name where it is used.
                is_seen = owner is not None and not owner.is_class and names.scope_of[statement] is owner
                yield statement if is_seen else None
        else:
            yield None


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and any(last_name(each) == "TYPE_CHECKING" for each in ast.walk(node.test))


def _imports(block: Sequence[ast.stmt]) -> bool:
    """Returns whether a block imports TensorFlow, whatever happens."""
    return any(map(_does_import, block))


def _does_import(node: ast.stmt) -> bool:
    if isinstance(node, ast.If):
        return all(_imports(block) or _ends(block) for block in (node.body, node.orelse)) and not _is_for_types(node)
    if isinstance(node, ast.Try):
        caught = [handler.body for handler in node.handlers if _catches_missing(handler)]
        tried = _imports([*node.body, *node.orelse]) and all(_imports(block) or _ends(block) for block in caught)
        return tried or _imports(node.finalbody)
    if isinstance(node, ast.With):
        return _imports(node.body) and not any(last_name(item.context_expr) == "suppress" for item in node.items)
    return does_import(node)


def _catches_missing(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(last_name(each) in _CATCH_MISSING for each in types)


def _ends(block: Sequence[ast.stmt]) -> bool:
    """Returns whether a block ends the program, or raises."""
    last = block[-1] if block else None
    is_exit = isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and last_name(last.value) in _END
    return is_exit or isinstance(last, ast.Raise)
