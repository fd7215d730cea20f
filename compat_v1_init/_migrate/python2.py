"""Python 2 read as Python 3.

What only Python 2 has is replaced by something of Python 3 of the same length, so that the tree of the result has
the places of the original. Nothing of the replacement is ever written: it serves to find names and scopes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .lexer import lex

_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_LONGEST_PARAMETERS = 200
_NOT_AN_OPERAND = {"and", "or", "in", "is", "if", "else", "for", "as"}
_OCTAL = re.compile(r"0\d+")
_LONG = re.compile(r"(?:\d+|0[xX][\da-fA-F]+)[lL]")


def as_python3(source: str) -> str | None:
    """Returns text of the same length that Python 3 parses, or None where nothing of Python 2 is in the source.

    Example:
    >>> from compat_v1_init._migrate.python2 import as_python3
    >>> as_python3("print 'a' <> `b`")
    "_p_=  'a' != (b)"
    """
    tokens = list(lex(source))
    kinds = [kind for kind, _, _ in tokens]
    texts = [text for _, text, _ in tokens]
    code = [i for i, kind in enumerate(kinds) if kind not in {"space", "comment", "continuation"}]
    rewriting = _Rewriting(kinds, texts, code, list(texts))
    rewriting.run()
    result = "".join(rewriting.result)
    return None if result == source else result


@dataclass
class _Rewriting:
    kinds: list[str]
    texts: list[str]
    code: list[int]
    """The tokens that are neither space nor comment."""
    result: list[str]

    def run(self) -> None:  # noqa: C901 - one branch for each of Python 2's ways
        depth = 0
        backticks = 0
        lambda_depths: list[int] = []
        for position, index in enumerate(self.code):
            kind, text = self.kinds[index], self.texts[index]
            before = self.texts[self.code[position - 1]] if position else "\n"
            starts = depth == 0 and (before in {"\n", "\r", "\r\n", ";"} or (before == ":" and not lambda_depths))
            if text in _OPENING:
                depth += 1
            elif text in _CLOSING:
                depth = max(0, depth - 1)
            elif kind == "newline" and not depth:
                lambda_depths = []
            elif text == "lambda":
                lambda_depths.append(depth)
            elif text == ":" and lambda_depths and lambda_depths[-1] == depth:
                lambda_depths.pop()

            if kind == "name":
                self._name(position, starts=starts)
            elif text == "(" and (before == "lambda" or (before in {",", "("} and self._in_parameters(position))):
                self._blank_parentheses(position)
            elif text == "<>":
                self.result[index] = "!="
            elif text == "`":
                self.result[index] = ")" if backticks else "("
                backticks ^= 1
            elif kind == "number":
                self._number(index)
            elif kind == "string" and text[:2].lower() == "ur":
                self.result[index] = text[1:] + " "

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

    def _number(self, index: int) -> None:
        text = self.texts[index]
        if _LONG.fullmatch(text):
            text = text[:-1] + " "
        if _OCTAL.fullmatch(text.rstrip()):
            text = "1" + text[1:]
        self.result[index] = text

    def _text(self, position: int) -> str:
        return self.texts[self.code[position]] if position < len(self.code) else "\n"

    def _begins_operand(self, position: int) -> bool:
        """Tells whether what follows `print` makes it a statement; `print (x)` and `print -1` Python 3 parses too."""
        text = self._text(position)
        if position < len(self.code) and self.kinds[self.code[position]] in {"string", "name", "number"}:
            return text not in _NOT_AN_OPERAND
        return text in {"[", "{", "`", "~"}

    def _replace_comma(self, position: int, *, bind: bool) -> None:
        """Replaces the comma of `except X, e:`, with what follows, or the first of `raise X, "text"`."""
        depth = 0
        seen = False
        for place in range(position, len(self.code)):
            index = self.code[place]
            kind, text = self.kinds[index], self.texts[index]
            depth += (text in _OPENING) - (text in _CLOSING)
            if depth < 0:
                break
            if depth:
                continue
            if kind == "newline" or (bind and text == ":"):
                break
            if text == "," and not seen:
                seen = True
                self.result[index] = " " if bind else ";"
            elif seen and bind:
                self.result[index] = " " * len(text)

    def _in_parameters(self, position: int) -> bool:
        """Tells whether the parenthesis at this position opens a tuple among the parameters of a `def`."""
        depth = 0
        for earlier in range(position - 1, 1, -1):
            text = self._text(earlier)
            if text in _CLOSING:
                depth += 1
            elif text in _OPENING:
                if depth == 0:
                    return self._text(earlier - 2) == "def"
                depth -= 1
            elif text == ":" or position - earlier > _LONGEST_PARAMETERS:
                return False
        return False

    def _blank_parentheses(self, position: int) -> None:
        depth = 0
        for place in range(position, len(self.code)):
            index = self.code[place]
            depth += (self.texts[index] in _OPENING) - (self.texts[index] in _CLOSING)
            if depth == 0:
                if self.texts[index] == ")":
                    self.result[index] = self.result[self.code[position]] = " "
                return
