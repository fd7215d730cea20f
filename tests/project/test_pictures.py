"""What a notebook and a terminal show of initializers: tables and densities."""

from __future__ import annotations

import io
import sys
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from running import TESTS

import compat_v1_init as c
from compat_v1_init._output import density, tables

META = TESTS / "meta_graphs"


def _svg(html: str) -> Any:
    start = html.index("<svg")
    return ET.fromstring(html[start : html.index("</svg>") + 6])  # noqa: S314 - this package's own


@pytest.mark.parametrize(
    ("init", "kind"),
    [
        (c.variance_scaling_initializer(2.0, seed=1), "truncated normal, cut off at two standard deviations"),
        (c.variance_scaling_initializer(distribution="normal"), "truncated normal, cut off at two standard deviations"),
        (c.variance_scaling_initializer(distribution="untruncated_normal"), "normal"),
        (c.glorot_uniform_initializer(), "uniform"),
        (c.uniform_unit_scaling_initializer(1.43), "uniform"),
        (c.contrib.variance_scaling_initializer(), "truncated normal, cut off at two standard deviations"),
        (c.contrib.xavier_initializer(), "uniform"),
        (c.random_normal_initializer(stddev=0.1), "normal"),
        (c.truncated_normal_initializer(), "truncated normal, cut off at two standard deviations"),
        (c.random_uniform_initializer(0, 10, dtype="int32"), "uniform"),
        (c.keras.TF1VarianceScaling(seed=1), "truncated normal, cut off at two standard deviations"),
        (c.PinnedInitializer("uniform", (87, 12), [3, 4]), "uniform"),
    ],
)
def test_an_initializer_shows_its_arguments_and_its_density(init: Any, kind: str) -> None:
    html = init._repr_html_()
    assert _svg(html).attrib["aria-label"] == kind
    for name, value in init.get_config().items():
        assert name in html
        assert tables.escape(repr(value)) in html


@pytest.mark.parametrize("init", [c.zeros_initializer(), c.orthogonal_initializer(2.0), c.initializers.identity()])
def test_what_draws_from_no_distribution_has_no_picture(init: Any) -> None:
    html = init._repr_html_()
    assert "dtype" in html
    assert "<svg" not in html
    assert "density" not in html


def test_the_curve_is_the_density() -> None:
    """Of the truncated normal: zero beyond two, and between them that of the normal."""
    points = _svg(density.svg("truncated_normal", 96, 24)).find("polygon").attrib["points"].split()
    curve = {float(x): (24 - float(y)) / 22 for x, y in (point.split(",") for point in points[1:-1])}
    assert curve[48.0] == pytest.approx(1.0, abs=0.01)
    assert curve[64.0] == pytest.approx(0.6065, abs=0.01)  # exp(-1/2), at one standard deviation
    assert curve[81.0] == curve[15.0] == 0.0
    assert curve[79.0] > 0.1


def test_lines_of_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    assert density.line("uniform") == "▁▁▁▁▁▁█████▁▁▁▁▁▁"
    assert density.line("truncated_normal")[0] == "▁"
    assert density.line("truncated_normal")[8] == "█"
    assert density.line("truncated_normal") != density.line("untruncated_normal")
    assert density.line("no such") == ""
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert density.line("uniform") == ""


def test_an_explanation_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told = c.explain("he_normal")
    assert told.density == "truncated_normal"
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    assert "█" in str(told).splitlines()[2]
    assert "truncated normal" in str(told).splitlines()[2]
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert str(told).isascii()
    assert "<svg" in told._repr_html_()
    assert "HeNormal(seed=None)" in told._repr_html_()
    assert "<svg" not in c.explain("orthogonal_initializer")._repr_html_()


def test_names_from_a_file_are_text_and_no_html() -> None:
    told = c.explain("<b>he_normal</b>")
    assert "<b>" not in told._repr_html_()
    assert "&lt;b&gt;" in told._repr_html_()


def test_the_initializers_of_a_graph() -> None:
    found = c.from_meta_graph(META / "layers.meta")
    html = found._repr_html_()
    assert html.count("<svg") == sum(each.distribution != "constant" for each in found.values())
    for name in [*found, *found.left_out]:
        assert name in html
