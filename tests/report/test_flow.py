"""The drawing of the flow of records says what the counts say."""

from __future__ import annotations

import re

from copydesk.report.flow import TRUNK, flow_svg


def heights(svg: str) -> dict[str, float]:
    """The height of the box of each node, by its name."""
    boxes = re.findall(r'<rect class="node \w+".*?height="([\d.]+)"/><text.*?<tspan dx="6">(.*?)</tspan>', svg)
    return {name: float(height) for height, name in boxes}


def test_boxes_are_as_high_as_their_counts():
    """Half of the records is half as high."""
    drawn = heights(flow_svg({"clean": 50, "duplicate": 40, "quarantined": 10}, {"near": 40}))
    assert drawn["records read"] == TRUNK
    assert drawn["published"] == TRUNK / 2
    assert drawn["near copies"] == TRUNK * 0.4


def test_what_did_not_happen_is_not_drawn():
    """No quarantine, no box for it; the trunk stays."""
    drawn = heights(flow_svg({"clean": 5}, {}))
    assert set(drawn) == {"records read", "readable", "articles", "published"}


def test_one_record_of_a_million_is_seen():
    """The thinnest box can still be seen."""
    assert heights(flow_svg({"clean": 999_999, "no_article": 1}, {}))["no article"] > 1


def test_no_records():
    """Nothing flows, and nothing fails."""
    assert heights(flow_svg({}, {}))["published"] > 0


def test_kinds_are_escaped():
    """A kind that is markup stays text."""
    assert "<b>" not in flow_svg({"duplicate": 1}, {"<b>": 1})
