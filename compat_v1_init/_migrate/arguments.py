"""The arguments of `compat-v1-init migrate`."""

from __future__ import annotations

import argparse

from .settings import TARGETS

STDIN = "-"
FORMATS = ("text", "github", "gitlab", "html", "json", "junit", "sarif")

_EPILOG = """\
examples:
  compat-v1-init migrate                          show what would change in this folder
  compat-v1-init migrate --write src              change it
  compat-v1-init migrate --check --report html=report.html --report sarif=report.sarif

settings: [tool.compat_v1_init] of pyproject.toml; options on the command line go before them.

exit codes:
  0  nothing to do, or all done
  1  something would change, or needs a person
  2  a file failed, or the command line or the settings are wrong
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.usage = "%(prog)s [OPTION ...] [PATH ...]"
    parser.epilog = _EPILOG
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="file or folder (default: .); - alone for standard input")
    to = "shim: the drop-in, same numbers; keras: Keras' own where that is safe (default: the settings', or shim)"
    add("--to", choices=TARGETS, help=to)
    add("--defaults", action="store_true", default=None, help="also write out what draws by default, where it is known")
    closed = "with --defaults: no program outside of the project sets what its variables draw"
    add("--assume-closed", action="store_true", default=None, help=closed)
    add("--samplers", action="store_true", default=None, help="also move tf.random_normal and its like elsewhere")
    _add_modes(parser)
    _add_what(parser)
    _add_report(parser)
    prove = "build each changed call with literals both ways and compare (needs TensorFlow)"
    add("--prove", action="store_true", help=prove)
    add("--workers", type=_count, metavar="N", help="processes (default: one for each processor)")


def _add_modes(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is done (default: change nothing, print the diff and the findings)")
    mode = group.add_mutually_exclusive_group()
    mode.add_argument("--write", action="store_true", help="change the files")
    mode.add_argument("--check", action="store_true", help="change nothing and show no diff")
    mode.add_argument("--diff", action="store_true", help="change nothing and print the diff alone, as a patch")
    ignore = "add a comment with its rule to every place, so that it is ignored"
    mode.add_argument("--add-ignore", action="store_true", help=ignore)
    mode.add_argument("--write-baseline", metavar="FILE", help="write all findings to a file for --baseline")


def _add_what(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("what is looked at").add_argument
    add("--baseline", metavar="FILE", help="leave alone, and do not report, the findings in this file")
    add("--select", type=_list, action="append", metavar="CODE,...", help="only these rules; CVI2 is all CVI2..")
    add("--ignore", type=_list, action="append", metavar="CODE,...", help="not these rules")
    per_file = "not these rules in the files of a pattern, as in a .gitignore"
    add("--per-file-ignores", type=_per_file, action="append", metavar="PATTERN:CODE,...", help=per_file)
    add("--exclude", action="append", metavar="PATTERN", help="not these files of folders, as in a .gitignore")
    add("--force-exclude", action="store_true", help="leave out excluded files also if they are named")
    add("--config", metavar="FILE", help="take the settings from this TOML file")
    add("--stdin-filename", metavar="FILE", help="the name of the file that standard input holds")


def _add_report(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("what is said").add_argument
    add("--format", choices=FORMATS, help="default: text; under GITHUB_ACTIONS github")
    add("--output-file", metavar="FILE", help="where the report goes; standard output keeps the line of counts")
    report = "also write the report to a file in this format; once for each"
    add("--report", type=_report, action="append", default=[], metavar="FORMAT=FILE", help=report)
    add("--statistics", action="store_true", help="count the places of each rule, in place of a list")
    add("--exit-zero", action="store_true", help="exit with 0 where it would be 1")
    volume = parser.add_mutually_exclusive_group()
    volume.add_argument("-q", "--quiet", action="store_true", help="say only what failed, and the line of counts")
    volume.add_argument("-v", "--verbose", action="store_true", help="list every place, and the file of the settings")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        msg = f"must be a whole number from 1. Received: {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _report(text: str) -> tuple[str, str]:
    name, equals, path = text.partition("=")
    if name not in FORMATS or not equals or not path:
        known = ", ".join(FORMATS)
        msg = f"must be a format, = and a file, such as sarif=a.sarif; the formats are {known}. Received: {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return name, path


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.replace(",", " ").split() if part)


def _per_file(text: str) -> tuple[str, tuple[str, ...]]:
    pattern, colon, codes = text.rpartition(":")
    if not (pattern and colon and _list(codes)):
        msg = f"must be a pattern, a colon and codes, such as tests/:CVI207. Received: {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return pattern, _list(codes)
