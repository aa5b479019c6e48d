"""The flow of records through a run, as a Sankey diagram: what was read, what left on the way, what was published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from copydesk.article import Outcome

WIDTH, TRUNK = 1000, 240
"""Size of the drawing, and the height that all records together have in it, in its own units."""
COLUMNS = (0, 270, 540, 800)
NODE = 14
GAP = 30
"""Between two nodes of a column: room for a label of two lines beside the thinnest one."""
THINNEST = 1.5
"""A single record among a million is drawn, too."""


@dataclass(frozen=True, slots=True)
class Node:
    """A place that records come to: `kind` is its colour."""

    name: str
    count: int
    kind: str


@dataclass(frozen=True, slots=True)
class Box:
    """A node with its place in the drawing."""

    node: Node
    x: float
    y: float
    height: float


def flow_svg(outcomes: Mapping[str, int], kinds: Mapping[str, int]) -> str:
    """The diagram as SVG. `outcomes` are records by outcome, `kinds` copies by kind."""
    boxes = _boxes(_steps(outcomes, kinds))
    height = max(box.y + max(box.height, GAP) for column in boxes for box in column)
    bands = [_bands(left[0], column) for left, column in pairwise(boxes)]
    drawn = "".join(_box(box) for column in boxes for box in column)
    return (
        f'<svg class=chart id=flow viewBox="-2 -6 {WIDTH + 4} {height + 12:.0f}" role=img aria-label="Flow of records">'
        f"{''.join(bands)}{drawn}</svg>"
    )


def _steps(outcomes: Mapping[str, int], kinds: Mapping[str, int]) -> tuple[tuple[Node, ...], ...]:
    """The nodes of each column: the trunk first, then what leaves it there."""
    count = {outcome: outcomes.get(outcome.value, 0) for outcome in Outcome}
    total = sum(count.values())
    readable = total - count[Outcome.QUARANTINED]
    articles = readable - count[Outcome.NO_ARTICLE] - count[Outcome.OFF_TOPIC]
    copies = [Node(f"{kind} copies", number, "copy") for kind, number in sorted(kinds.items())]
    columns = (
        (Node("records read", total, "trunk"),),
        (Node("readable", readable, "trunk"), Node("quarantined", count[Outcome.QUARANTINED], "lost")),
        (
            Node("articles", articles, "trunk"),
            Node("no article", count[Outcome.NO_ARTICLE], "lost"),
            Node("off topic", count[Outcome.OFF_TOPIC], "lost"),
        ),
        (Node("published", count[Outcome.CLEAN], "kept"), *copies),
    )
    return tuple(tuple(n for i, n in enumerate(column) if i == 0 or n.count) for column in columns)


def _boxes(columns: tuple[tuple[Node, ...], ...]) -> list[list[Box]]:
    total = columns[0][0].count
    placed = []
    for x, column in zip(COLUMNS, columns, strict=True):
        y, boxes = 0.0, []
        for node in column:
            height = max(node.count / total * TRUNK, THINNEST) if total else THINNEST
            boxes.append(Box(node, x, y, height))
            y += max(height, GAP / 3) + GAP
        placed.append(boxes)
    return placed


def _bands(source: Box, targets: list[Box]) -> str:
    """The bands from a trunk to what it becomes, in the order of the targets."""
    y, bands = source.y, []
    for target in targets:
        start, end, middle = source.x + NODE, target.x, (source.x + NODE + target.x) / 2
        bands.append(
            f'<path class="band {target.node.kind}" d="M{start} {y:.1f} C{middle:.0f} {y:.1f} '
            f"{middle:.0f} {target.y:.1f} "
            f"{end} {target.y:.1f} V{target.y + target.height:.1f} C{middle:.0f} {target.y + target.height:.1f} "
            f'{middle:.0f} {y + target.height:.1f} {start} {y + target.height:.1f} Z">'
            f"<title>{escape(source.node.name)} to {escape(target.node.name)}: {target.node.count:,}</title></path>"
        )
        y += target.height
    return "".join(bands)


def _box(box: Box) -> str:
    node = box.node
    middle = box.y + min(box.height, TRUNK) / 2
    y = middle if box.height > GAP else box.y + 4
    return (
        f'<rect class="node {node.kind}" x="{box.x}" y="{box.y:.1f}" width="{NODE}" height="{box.height:.1f}"/>'
        f'<text x="{box.x + NODE + 7}" y="{y:.1f}"><tspan class=count>{node.count:,}</tspan>'
        f'<tspan dx="6">{escape(node.name)}</tspan></text>'
    )
