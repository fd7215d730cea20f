"""The arguments of a call: which parameter each is for, the values of literals, and edits of single arguments."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compat_v1_init._migrate.findings import Edit
from compat_v1_init._sampling.dtypes import DRAWN_NAMES

from .elements import comments_in, parts, removal
from .lexer import lex
from .tf_name import are_of_tensorflow

if TYPE_CHECKING:
    from .names import Names
    from .tree import Tree

_ATOMS = (ast.Name, ast.Attribute, ast.Constant, ast.Call, ast.Subscript)


class NotLiteral(Exception):  # noqa: N818 - an answer, not a fault
    """The value is known only to the running program."""


class NotForKeras(Exception):  # noqa: N818 - an answer, not a fault
    """Keras' own class refuses the value, or uses it in another way. The message is part of a sentence."""


@dataclass(frozen=True)
class Argument:
    """One argument as it is written."""

    value: ast.expr
    start: int
    end: int
    """Where it ends. The keyword and parentheses around the value belong to it."""
    value_start: int
    """Where its value begins, with the parentheses around it."""


@dataclass(frozen=True)
class Keyword:
    """What one argument becomes."""

    name: str
    text: str | None = None
    """The new value; None where it stays as written."""


class Arguments:
    """The arguments of a call, by the parameter of the TF1 signature that each is for.

    Raises:
      ValueError: if the parameters of the arguments are not known, with the reason.
    """

    def __init__(self, tree: Tree, names: Names, call: ast.Call, parameters: Sequence[str]) -> None:
        self.tree, self.names, self.call = tree, names, call
        values = [*call.args, *(key.value for key in call.keywords)]
        names_ = [*parameters[: len(call.args)], *(str(key.arg) for key in call.keywords)]
        spans = argument_spans(tree, call)
        bare = {start for _, start, _ in spans}
        unknown = [name for name in names_ if name not in parameters]
        for is_wrong, msg in (
            (has_stars(call), "its arguments come from `*` or `**`"),
            (len(call.args) > len(parameters), "it has more arguments than TF1's initializer takes"),
            (unknown, f"TF1's initializer has no argument `{', '.join(unknown[:1])}`"),
            (len(set(names_)) < len(names_), "it has an argument twice"),
            (len(spans) != len(values), "its arguments cannot be told apart"),
            (
                any(isinstance(each, ast.NamedExpr) and tree.span(each)[0] in bare for each in values),
                "an argument without parentheses gives its value a name",
            ),
        ):
            if is_wrong:
                raise ValueError(msg)
        ordered = sorted(zip(names_, values), key=lambda pair: tree.span(pair[1]))
        self.given: dict[str, Argument] = {}
        for (name, value), (start, value_start, end) in zip(ordered, spans):
            self.given[name] = Argument(value, start, end, value_start)

    def value(self, name: str, default: Any) -> Any:
        """Returns the value of a parameter.

        Raises:
          NotLiteral: if it is not a literal.
        """
        if name not in self.given:
            return default
        return literal(self.given[name].value, self.names)

    def text(self, name: str) -> str:
        """Returns the source of an argument, with parentheses around it if it needs them as an operand."""
        argument = self.given[name]
        text = self.tree.source[argument.value_start : argument.end]
        return text if isinstance(argument.value, _ATOMS) or text.startswith("(") else f"({text})"

    def literals(self) -> str:
        """Returns the arguments as keywords with literal values.

        Raises:
          NotLiteral: if one of them is not a literal.
        """
        values = {name: literal(given.value, self.names) for name, given in self.given.items()}
        if any(isinstance(value, float) and not math.isfinite(value) for value in values.values()):
            raise NotLiteral  # Python has no literal for it.
        return ", ".join(f"{name}={value!r}" for name, value in values.items())

    def edits(self, changes: Mapping[str, Keyword | None], extra: Mapping[str, str]) -> list[Edit]:
        """Returns the edits that change each given argument (None removes it), and add `extra` before the first one."""
        added = ", ".join(f"{name}={text}" for name, text in extra.items())
        kept = [changes[name] is not None for name in self.given]
        if not any(kept):
            start, end = opening(self.tree, self.call), self.tree.span(self.call)[1] - 1
            comments = comments_in(self.tree.source, start, end)
            if comments and self.given:
                # The bracket keeps its lines.
                start = min(given.start for given in self.given.values())
                comments = comments_in(self.tree.source, start, end)
                added += ",  " if added else ""
            return [Edit(start, end, added + comments)] if self.given or added else []
        spans = [(given.start, given.end) for given in self.given.values()]
        edits = removal(self.tree.source, spans, kept)
        first = True
        for name, given in self.given.items():
            change = changes[name]
            if change is None:
                continue
            before = f"{added}, " if first and added else ""
            first = False
            keyword = self.tree.source[given.start : given.value_start]
            if keyword.rstrip("= \t\f\r\n\\") != change.name:
                edits.append(Edit(given.start, given.value_start, f"{before}{change.name}="))
            elif before:
                edits.append(Edit(given.start, given.start, before))
            if change.text is not None:
                edits.append(Edit(given.value_start, given.end, change.text))
        return edits

    def after(self, changes: Mapping[str, Keyword | None], extra: Mapping[str, str]) -> str:
        """Returns the new arguments as keywords with literal values.

        Raises:
          NotLiteral: if one of them is not a literal.
        """
        parts = [f"{name}={_as_literal(text)}" for name, text in extra.items()]
        for name, given in self.given.items():
            change = changes[name]
            if change is not None:
                text = repr(literal(given.value, self.names)) if change.text is None else _as_literal(change.text)
                parts.append(f"{change.name}={text}")
        return ", ".join(parts)


def _as_literal(text: str) -> str:
    """Returns a literal as text; for arithmetic with numbers, its result.

    Raises:
      NotLiteral: if there are names in it.
    """
    try:
        return repr(_computed(ast.parse(text, mode="eval").body))
    except (SyntaxError, ArithmeticError, TypeError):
        raise NotLiteral from None


def _computed(node: ast.expr) -> Any:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Pow)):
        left, right = _computed(node.left), _computed(node.right)
        return left * right if isinstance(node.op, ast.Mult) else left**right
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise NotLiteral from None


def has_stars(call: ast.Call) -> bool:
    """Returns whether `*` or `**` may give a call arguments that are not seen."""
    return any(isinstance(each, ast.Starred) for each in call.args) or any(key.arg is None for key in call.keywords)


def opening(tree: Tree, call: ast.Call) -> int:
    """Returns the offset after the parenthesis that begins a call's arguments."""
    start, end = tree.span(call.func)[1], tree.span(call)[1]
    depth = 0
    for kind, text, offset in lex(tree.source[start:end]):
        if kind == "operator" and text == ")":
            depth -= 1  # A parenthesis around the function.
        elif kind == "operator" and text == "(" and depth <= 0:
            return start + offset + 1
    raise AssertionError  # A call has a parenthesis.


def argument_spans(tree: Tree, call: ast.Call) -> list[tuple[int, int, int]]:
    """Returns, for each argument in order, where it begins, where its value begins, and where it ends."""
    spans = []
    for part in parts(tree.source, opening(tree, call), tree.span(call)[1] - 1):
        is_keyword = [text for text, _ in part[1:2]] == ["="]
        spans.append((part[0][1], part[2 * is_keyword][1], part[-1][1] + len(part[-1][0])))
    return spans


def literal(node: ast.expr, names: Names) -> Any:
    """Returns the value of a literal; a dtype of TensorFlow's is its name.

    Raises:
      NotLiteral: if it is none.
    """
    if isinstance(node, ast.Attribute) and node.attr in DRAWN_NAMES:
        found = names.meaning(node)
        if are_of_tensorflow(found.names) and not found.other:
            return node.attr
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise NotLiteral from None
