"""What is left for a person, and why."""

from compat_v1_init._migrate.source.doubt import Doubt

from .base import unchanged

MARK = unchanged(
    "CVI209",
    "ignore without a rule",
    "A comment `# compat-v1-init: ignore[...]` whose code is no rule's, and which therefore hides nothing.",
    "from mine import glorot_uniform_initializer  # compat-v1-init: ignore[CVI27]\n",
)
_DOUBTS = (unchanged(each.code, each.title, each.summary, each.example) for each in Doubt)
RULES = tuple(sorted([*_DOUBTS, MARK], key=lambda rule: rule.code))
ADVICE = {
    **{doubt.code: doubt.why for doubt in Doubt},
    MARK.code: "No rule has this code, so the comment hides nothing; correct the code, or remove the comment.",
}
"""For each rule that needs a person, by its code: why, and what to do."""
