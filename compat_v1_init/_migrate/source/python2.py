"""Python 2 read as Python 3.

Syntax that only Python 2 has is replaced with syntax of Python 3 of the same length, so that each node of the tree has
the place of the original. The result is never written to a file. It is used only to find names and scopes.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from .lexer import CLOSING, OPENING, lex

_LONGEST_PARAMETERS = 200
_TAB = 8
_NOT_AN_OPERAND = {"and", "or", "in", "is", "if", "else", "for", "as"}
_OCTAL = re.compile(r"0\d+")
_LONG = re.compile(r"(?:\d+|0[xX][\da-fA-F]+)[lL]")


def as_python3(source: str) -> str | None:
    """Returns text of the same length that Python 3 parses; None if the source has no syntax of Python 2 alone.

    Example:
    >>> as_python3("print 'a' <> `b`")
    "_p_=  'a' != (b)"
    """
    result = _Rewriting(source).run()
    return None if result == source else result


def _number(text: str) -> str:
    if _LONG.fullmatch(text):
        text = text[:-1] + " "
    if _OCTAL.fullmatch(text.rstrip()):
        text = "1" + text[1:]
    return text


class _State:
    """The state after the tokens read so far: how many brackets are open, and which lambdas have no colon yet."""

    def __init__(self) -> None:
        self._depth = 0
        self._lambdas: list[int] = []
        """The depth of each."""

    def begins_statement(self, before: str) -> bool:
        """Returns whether a statement begins after the token `before`, the last that was passed."""
        if self._depth:
            return False
        return before in {"\n", "\r", "\r\n", ";"} or (before == ":" and not self._lambdas)

    def move_past(self, kind: str, text: str) -> None:
        """Updates the state with one token."""
        if text in OPENING:
            self._depth += 1
        elif text in CLOSING:
            self._depth = max(0, self._depth - 1)
        elif kind == "newline" and not self._depth:
            self._lambdas = []
        elif text == "lambda":
            self._lambdas.append(self._depth)
        elif text == ":" and self._lambdas and self._lambdas[-1] == self._depth:
            self._lambdas.pop()


class _Rewriting:
    def __init__(self, source: str) -> None:
        tokens = list(lex(source))
        self.kinds = [kind for kind, _, _ in tokens]
        self.texts = [text for _, text, _ in tokens]
        # The tokens that are neither space nor comment.
        self.code = [i for i, kind in enumerate(self.kinds) if kind not in {"space", "comment", "continuation"}]
        self.result = list(self.texts)
        self.in_backticks = False

    def run(self) -> str:
        """Returns the text of Python 3."""
        state = _State()
        before = "\n"
        for position, index in enumerate(self.code):
            kind, text = self.kinds[index], self.texts[index]
            starts = state.begins_statement(before)
            state.move_past(kind, text)
            if kind == "name":
                self._name(position, starts=starts)
            elif text != "(":
                self.result[index] = self._translated(kind, text) or self.result[index]
            elif before == "lambda" or (before in {",", "("} and self._in_parameters(position)):
                self._blank_parentheses(position)
            before = text
        self._indent()
        return "".join(self.result)

    def _indent(self) -> None:
        """Gives each line as many columns as blocks are around it, if tabs and spaces are mixed as only Python 2 may.

        Python 2 has a tab every eight columns. A form feed sets the column back to 0, so it fills up the length.
        """
        starts = [(i, self.texts[i] if self.kinds[i] == "space" else "") for i in self._starts_of_lines()]
        if not {"\t", " "} <= set("".join(text for _, text in starts)):
            return
        widths = [0]
        for index, text in starts:
            width = len(text.rpartition("\f")[2].expandtabs(_TAB))
            while width < widths[-1]:
                widths.pop()
            if width > widths[-1]:
                widths.append(width)
            depth = len(widths) - 1
            missing = len(text) - depth
            if missing > 0:
                self.result[index] = " " * (missing - 1) + "\f" + " " * depth
            elif text and not missing:
                self.result[index] = " " * depth

    def _starts_of_lines(self) -> Iterator[int]:
        """Yields the first token of each logical line that is not empty."""
        depth, is_start = 0, True
        for index, (kind, text) in enumerate(zip(self.kinds, self.texts)):
            if is_start:
                following = self.kinds[index + 1 : index + 2] if kind == "space" else [kind]
                if following not in ([], ["newline"], ["comment"]):
                    yield index
            depth = max(0, depth + (text in OPENING) - (text in CLOSING)) if kind == "operator" else depth
            is_start = kind == "newline" and not depth

    def _translated(self, kind: str, text: str) -> str | None:
        """Returns Python 3's text for a token that Python 3 writes in another way, whatever is around it."""
        if text == "<>":
            return "!="
        if text == "`":
            self.in_backticks = not self.in_backticks
            return "(" if self.in_backticks else ")"
        if kind == "number":
            return _number(text)
        if kind == "string" and text[:2].lower() == "ur":
            return text[1:] + " "
        return None

    def _name(self, position: int, *, starts: bool) -> None:
        index = self.code[position]
        text = self.texts[index]
        if starts and text in {"print", "exec"}:
            if self._begins_operand(position + 1):
                self.result[index] = "_p_= " if text == "print" else "_e_="
        elif starts and text in {"except", "raise"}:
            self._replace_comma(position + 1, bind=text == "except")
        elif text in {"async", "await"} and self._text(position + 1) in {"=", ",", ")", "."}:
            self.result[index] = text[:-1] + "_"

    def _text(self, position: int) -> str:
        return self.texts[self.code[position]] if position < len(self.code) else "\n"

    def _begins_operand(self, position: int) -> bool:
        """Returns whether the next token makes `print` a statement; Python 3 parses `print (x)` and `print -1` too."""
        text = self._text(position)
        if position < len(self.code) and self.kinds[self.code[position]] in {"string", "name", "number"}:
            return text not in _NOT_AN_OPERAND
        return text in {"[", "{", "`", "~"}

    def _replace_comma(self, position: int, *, bind: bool) -> None:
        """Replaces the comma of `except X, e:` and what follows it, or the first comma of `raise X, "text"`."""
        seen = False
        for index, depth in self._depths(position):
            kind, text = self.kinds[index], self.texts[index]
            if depth < 0 or (depth == 0 and (kind == "newline" or (bind and text == ":"))):
                break
            if depth:
                continue
            if text == "," and not seen:
                seen = True
                self.result[index] = " " if bind else ";"
            elif seen and bind:
                self.result[index] = " " * len(text)

    def _in_parameters(self, position: int) -> bool:
        """Returns whether the parenthesis at this position opens a tuple among the parameters of a `def`."""
        depth = 0
        for earlier in range(position - 1, 1, -1):
            text = self._text(earlier)
            if text in CLOSING:
                depth += 1
            elif text in OPENING:
                if depth == 0:
                    return self._text(earlier - 2) == "def"
                depth -= 1
            elif text == ":" or position - earlier > _LONGEST_PARAMETERS:
                return False
        return False

    def _blank_parentheses(self, position: int) -> None:
        """Removes the parentheses of a tuple among the parameters of a function."""
        index = next((index for index, depth in self._depths(position) if depth == 0), None)
        if index is not None and self.texts[index] == ")":
            self.result[index] = self.result[self.code[position]] = " "

    def _depths(self, position: int) -> Iterator[tuple[int, int]]:
        """Yields the tokens from there on, each with the number of the brackets that are open behind it."""
        depth = 0
        for index in itertools.islice(self.code, position, None):
            depth += (self.texts[index] in OPENING) - (self.texts[index] in CLOSING)
            yield index, depth
