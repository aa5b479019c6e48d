"""What the address of a folder on an object store says."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from copydesk.errors import UsageError

if TYPE_CHECKING:
    import pyarrow.fs

ATTEMPTS = 8
"""How often a request is tried that fails with an error of a server or a network: with the waits between them, about a
minute. What can't get better by waiting (no such object, no permission) is never tried again."""

OPTIONS = ("endpoint_override", "region", "scheme")
"""What may stand behind a question mark, as in the URLs of `pyarrow.fs`; else the AWS environment variables and files
say it, as for any other tool."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A folder on an object store. `prefix` has no slash at either end, and is empty for a whole bucket."""

    bucket: str
    prefix: str = ""
    options: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.url + (f"?{urlencode(self.options)}" if self.options else "")

    @property
    def url(self) -> str:
        """The address without its options."""
        return f"s3://{self.path}"

    @property
    def path(self) -> str:
        """Bucket and prefix, as `pyarrow.fs` writes a path."""
        return f"{self.bucket}/{self.prefix}".rstrip("/")

    def option(self, name: str) -> str | None:
        """What the address says about this, None if nothing."""
        return dict(self.options).get(name)


def parse_location(text: str) -> Path | Remote:
    """The local path, or the folder on an object store, that a user names.

    Raises UsageError for an address of another kind.

    >>> str(parse_location("s3://bucket/news/raw/"))
    's3://bucket/news/raw'
    >>> parse_location("gopher://hole")
    Traceback (most recent call last):
    copydesk.errors.UsageError: gopher://hole: only local paths and s3://bucket/folder are known
    """
    if "://" not in text:
        return Path(text)
    url = urlsplit(text)
    if url.scheme != "s3" or not url.hostname:
        raise UsageError(f"{text}: only local paths and s3://bucket/folder are known")
    options = tuple(parse_qsl(url.query))
    if unknown := [name for name, _ in options if name not in OPTIONS]:
        raise UsageError(f"{text}: {unknown[0]} is no option of an address; there are {', '.join(OPTIONS)}")
    prefix = url.path.strip("/")
    if any(part in {"", ".", ".."} for part in prefix.split("/")) and prefix:
        raise UsageError(f"{text}: a part of the path is empty, . or ..; name the folder without")
    return Remote(url.netloc, prefix, options)


def at(remote: Remote, name: str) -> str:
    """The key of a name in this folder.

    >>> at(Remote("bucket", "news"), "current.json")
    'news/current.json'
    """
    return f"{remote.prefix}/{name}" if remote.prefix else name


def filesystem(remote: Remote) -> pyarrow.fs.S3FileSystem:
    """The store as Arrow reads it, with waits and retries. Nothing is asked of it yet."""
    import pyarrow.fs  # not needed by those who read local folders

    known = dict(remote.options)
    # Arrow asks the environment for it only where it takes a URL apart, and then can't be told of retries.
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if endpoint and "endpoint_override" not in known:
        known["endpoint_override"] = endpoint
    return pyarrow.fs.S3FileSystem(
        retry_strategy=pyarrow.fs.AwsStandardS3RetryStrategy(max_attempts=ATTEMPTS),
        connect_timeout=10,
        request_timeout=60,
        **known,
    )
