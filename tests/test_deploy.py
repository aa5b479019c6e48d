"""What lies in `deploy/` and `prefect.yaml` fits the command line and the flow."""

from __future__ import annotations

import ast
import configparser
import shlex
import zoneinfo
from pathlib import Path

import pytest
import yaml

from copydesk.cli import commands

ROOT = Path(__file__).parents[1]


def unit(name: str) -> configparser.ConfigParser:
    """Read a unit file."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((ROOT / "deploy" / name).read_text(encoding="utf-8").replace("\\\n", " "))
    return parser


def test_service_runs_a_command_that_there_is(monkeypatch: pytest.MonkeyPatch):
    """The service's line is one that the command line understands, and its folders are the ones it may write to."""
    service = unit("copydesk.service")["Service"]
    asked = []
    monkeypatch.setattr(commands, "exit_status", lambda job: asked.append(job) or 0)
    program, *words = shlex.split(service["ExecStart"])
    assert commands.main(words) == 0
    assert program.endswith("/bin/copydesk")
    assert words[words.index("--raw") + 1] == service["ReadOnlyPaths"]
    assert words[words.index("--clean") + 1].startswith(f"{service['ReadWritePaths']}/")


def test_timer_makes_up_for_nights_that_were_slept_through():
    """The timer starts the service by its name, every night, also after the machine was off."""
    timer = unit("copydesk.timer")
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Timer"]["OnCalendar"] == "*-*-* 02:00:00"
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_failed_service_tells_somebody():
    """The unit that is named for failures is there."""
    named = unit("copydesk.service")["Unit"]["OnFailure"]
    assert (ROOT / "deploy" / named.replace("%n", "")).exists()


def test_worker_pool_runs_the_flow_without_overlap():
    """`prefect.yaml` names a flow that there is, parameters that it has, a time zone, and one run at a time."""
    [deployment] = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    path, name = deployment["entrypoint"].split(":")
    functions = [n for n in ast.parse((ROOT / path).read_text(encoding="utf-8")).body if isinstance(n, ast.FunctionDef)]
    [flow] = [function for function in functions if function.name == name]
    assert set(deployment["parameters"]) <= {argument.arg for argument in flow.args.args}
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
    [schedule] = deployment["schedules"]
    assert zoneinfo.ZoneInfo(schedule["timezone"])
    assert schedule["active"] is True
