"""A real S3 server, in a process of its own on loopback."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from copydesk.stores import raw
from copydesk.workers import nursery


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The host and port of the server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not answers(port):
            time.sleep(0.05)
        yield f"127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A new bucket, its client's settings in the environment, as a user has them."""
    boto3 = pytest.importorskip("boto3", reason="needs the [s3] extra")
    settings = {
        "AWS_ENDPOINT_URL": f"http://{server}",
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path_factory.mktemp("machine"))  # where the local copies lie
    new = boto3.resource("s3").Bucket(f"news-{time.time_ns()}")
    new.create()
    return new


@pytest.fixture
def raw_bucket(bucket: Any) -> Iterator[Any]:
    """A new bucket that workers know of: they have the environment of the time when the first of them was started."""
    restart_workers()
    yield bucket
    restart_workers()


def restart_workers() -> None:
    """Let go of workers and connections that know another environment."""
    raw._filesystem.cache_clear()
    while nursery._nurseries:
        nursery._nurseries.pop().close()
