"""Says to an old Python, whose setuptools cannot read pyproject.toml, what the package needs."""

import sys

from setuptools import setup

if sys.version_info < (3, 9):
    sys.exit("compat_v1_init needs Python 3.9 or newer. Received: Python %d.%d.%d" % sys.version_info[:3])

setup()
