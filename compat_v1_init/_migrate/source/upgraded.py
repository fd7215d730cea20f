"""Traces of `tf_upgrade_v2`, which has already replaced contrib's initializers by another one."""

from __future__ import annotations

import ast

from .takers import last_name

WHAT = (
    "It looks like what tf_upgrade_v2 has written in place of contrib's {name}, which is another initializer: "
    "contrib's normal distribution has a variance of 1.3 times the scale. The numbers are those of the program as it "
    "is now; for contrib's write compat_v1_init.contrib.{name}, and run migrate before tf_upgrade_v2."
)
_DISTRIBUTIONS = ["uniform", "truncated_normal"]


def upgraded_from(call: ast.Call | None) -> str:
    """Returns the name of contrib's initializer that a call of `VarianceScaling` has replaced; empty if none is seen.

    Example:
    >>> text = 'tf.compat.v1.keras.initializers.VarianceScaling(scale=1.0, mode="fan_avg", distribution="uniform")'
    >>> upgraded_from(ast.parse(text, mode="eval").body)
    'xavier_initializer'
    """
    if call is None or last_name(call) != "VarianceScaling":
        return ""
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    constants = {name: value.value for name, value in given.items() if isinstance(value, ast.Constant)}
    chosen = [each for each in (given.get("distribution"), *call.args) if isinstance(each, ast.IfExp)]
    is_chosen = any(
        [getattr(each.body, "value", 0), getattr(each.orelse, "value", 0)] == _DISTRIBUTIONS for each in chosen
    )
    is_xavier = constants.get("scale") == 1.0 and constants.get("mode") == "fan_avg"
    if is_xavier and (is_chosen or constants.get("distribution") == "uniform") and not call.args:
        return "xavier_initializer"
    lowered = any(isinstance(each, ast.Call) and last_name(each) == "lower" for each in (given.get("mode"), *call.args))
    is_default = constants == {"scale": 2.0} and len(given) == 1 and not call.args
    return "variance_scaling_initializer" if is_chosen or lowered or is_default else ""
