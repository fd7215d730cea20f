"""How one draw is made: its seeds, its place in the stream, and its values.

`one_draw.py` names the steps in their order. Each of the other modules does one of them, and calls none of those
that called it.
"""
