"""`tf.contrib.training.HParams`: hyperparameters with types, which can be set by text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

# A name, perhaps an index, and a value: a list in brackets, or all up to the next comma.
_SETTING = re.compile(
    r"\s*(?P<name>[a-zA-Z][\w.]*)\s*(?:\[\s*(?P<index>\d+)\s*\])?\s*="
    r"\s*(?:\[(?P<list>[^\]]*)\]|(?P<value>[^,\[]*))\s*(?:,|$)"
)
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


class HParams:
    """TF1's class of this name: each hyperparameter is an attribute, and keeps the type of its first value.

    Args:
      hparam_def: a protocol buffer; there is none in TensorFlow 2, so it must be None.
      model_structure: any object; `get_model_structure` returns it.
      **kwargs: the hyperparameters, each a number, a truth value, text, None or a list of these.

    Raises:
      ValueError: if a hyperparameter has the name of a method, or an empty list as its value.

    Example:
    >>> hparams = HParams(rate=0.1, layers=[8, 8], name="a")
    >>> hparams.parse("rate=0.5,layers=[4,2]").values()
    {'rate': 0.5, 'layers': [4, 2], 'name': 'a'}
    """

    def __init__(self, hparam_def: Any = None, model_structure: Any = None, **kwargs: Any) -> None:
        if hparam_def is not None:
            msg = f"Argument `hparam_def` must be None: TensorFlow 2 has no HParamDef. Received: {hparam_def!r}"
            raise ValueError(msg)
        self._hparam_types: dict[str, tuple[type, bool]] = {}
        self._model_structure = model_structure
        for name, value in kwargs.items():
            self.add_hparam(name, value)

    def add_hparam(self, name: str, value: Any) -> None:
        """Adds a hyperparameter."""
        if getattr(self, name, None) is not None:
            msg = f"Hyperparameter name is reserved: {name}"
            raise ValueError(msg)
        if isinstance(value, (list, tuple)):
            if not value:
                msg = f"Multi-valued hyperparameters cannot be empty: {name}"
                raise ValueError(msg)
            self._hparam_types[name] = (type(value[0]), True)
        else:
            self._hparam_types[name] = (type(value), False)
        setattr(self, name, value)

    def set_hparam(self, name: str, value: Any) -> None:
        """Sets a hyperparameter, whose type stays."""
        of, is_list = self._hparam_types[name]
        if isinstance(value, list) != is_list:
            needed = "a list" if is_list else "a single value"
            msg = f"Must pass {needed} for hyperparameter {name}. Received: {value!r}"
            raise ValueError(msg)
        setattr(self, name, [_cast(name, of, each) for each in value] if is_list else _cast(name, of, value))

    def del_hparam(self, name: str) -> None:
        """Removes a hyperparameter, if it is there."""
        if hasattr(self, name):
            delattr(self, name)
            del self._hparam_types[name]

    def parse(self, values: str) -> HParams:
        """Sets hyperparameters by text, for example `rate=0.5,layers=[4,2],layers[0]=8`; returns this object."""
        position = 0
        while position < len(values):
            found = _SETTING.match(values, position)
            if found is None:
                msg = f"Malformed hyperparameter value: {values[position:]}"
                raise ValueError(msg)
            self._set_by_text(found, values)
            position = found.end()
        return self

    def _set_by_text(self, found: re.Match[str], values: str) -> None:
        name = found["name"]
        if name not in self._hparam_types:
            msg = f"Unknown hyperparameter type for {name}"
            raise ValueError(msg)
        of, is_list = self._hparam_types[name]
        if found["list"] is not None:
            if not is_list:
                msg = f"{name!r} is no list and cannot be set to one. Received: {values!r}"
                raise ValueError(msg)
            setattr(
                self,
                name,
                [_of_text(name, of, each) for each in filter(None, re.split(r"[,\s]+", found["list"].strip()))],
            )
        elif found["index"] is not None:
            now = list(getattr(self, name))
            now[int(found["index"])] = _of_text(name, of, found["value"])
            setattr(self, name, now)
        else:
            value = _of_text(name, of, found["value"])
            setattr(self, name, [value] if is_list else value)

    def override_from_dict(self, values_dict: Mapping[str, Any]) -> HParams:
        """Sets hyperparameters by a mapping; returns this object."""
        for name, value in values_dict.items():
            self.set_hparam(name, value)
        return self

    def parse_json(self, values_json: str) -> HParams:
        """Sets hyperparameters by a JSON object; returns this object."""
        return self.override_from_dict(json.loads(values_json))

    def to_json(self, indent: Any = None, separators: Any = None, sort_keys: bool = False) -> str:
        """Returns the hyperparameters as a JSON object, without those that are functions."""
        told = {name: value for name, value in self.values().items() if not callable(value)}
        return json.dumps(told, indent=indent, separators=separators, sort_keys=sort_keys)

    def values(self) -> dict[str, Any]:
        """Returns the hyperparameters."""
        return {name: getattr(self, name) for name in self._hparam_types}

    def get(self, key: str, default: Any = None) -> Any:
        """Returns a hyperparameter, or `default` where there is none."""
        return getattr(self, key) if key in self._hparam_types else default

    def set_model_structure(self, model_structure: Any) -> None:
        """Keeps an object."""
        self._model_structure = model_structure

    def get_model_structure(self) -> Any:
        """Returns the object."""
        return self._model_structure

    def __contains__(self, key: str) -> bool:
        """Returns whether there is a hyperparameter of this name."""
        return key in self._hparam_types

    def __str__(self) -> str:
        return str(sorted(self.values().items()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self})"


def _cast(name: str, of: type, value: Any) -> Any:
    """Returns a value as the type of a hyperparameter, where that loses nothing."""
    fits = (
        of is type(None)
        or value is None
        or isinstance(value, of)
        or (of is float and isinstance(value, int) and not isinstance(value, bool))
        or (of is int and isinstance(value, float) and value == int(value))
    )
    if not fits or (isinstance(value, bool) and of in (int, float)):
        msg = f"Could not cast hyperparameter {name!r} of type {of} from value {value!r}"
        raise ValueError(msg)
    return value if of is type(None) or value is None else of(value)


def _of_text(name: str, of: type, text: str) -> Any:
    text = text.strip()
    try:
        if of is bool:
            return _TRUTHS[text.lower()]
        return text if of is type(None) else of(text)
    except (KeyError, ValueError):
        msg = f"Could not parse hyperparameter {name!r} of type {of.__name__} from {text!r}"
        raise ValueError(msg) from None
