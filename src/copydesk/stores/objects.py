"""The requests that publishing to an object store needs: whole objects, some of them on condition.

Arrow reads stores well, but can't write on condition (`If-Match`, `If-None-Match`), and publishing rests on that.
A request that fails with an error of the server or the network is tried again with growing waits; one that can't get
better (no permission, no such bucket, a condition that isn't met) is not.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copydesk.errors import RunError, UsageError
from copydesk.stores.address import ATTEMPTS, Remote, at

WHOLE_BYTES = 64 * 1024 * 1024
"""A larger file is sent in parts, each with a checksum of its own; a smaller one with that of its manifest."""

NOT_MET = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
GONE = frozenset({"NoSuchKey", "404", "NotFound"})
WRONG_USE = frozenset({"NoSuchBucket", "AccessDenied", "403", "InvalidAccessKeyId", "SignatureDoesNotMatch"})


class NotMetError(Exception):
    """Somebody else has changed the object that a request was to change."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An object as it was read, and what a condition names it by."""

    data: bytes
    tag: str


class Objects:
    """The objects of one folder of a store, by their names in it."""

    def __init__(self, remote: Remote) -> None:
        self.remote = remote
        self._client = _client(remote)

    def read(self, name: str) -> Stored | None:
        """The object of this name, None if there is none."""
        with self._asked(name):
            try:
                answer = self._client.get_object(Bucket=self.remote.bucket, Key=self._key(name))
            except self._client.exceptions.NoSuchKey:
                return None
            return Stored(answer["Body"].read(), answer["ETag"])

    def write(self, name: str, data: bytes) -> None:
        """Put these bytes there, whatever was there before."""
        with self._asked(name):
            self._client.put_object(Bucket=self.remote.bucket, Key=self._key(name), Body=data)

    def replace(self, name: str, data: bytes, tag: str | None) -> None:
        """Put these bytes in the place of the object of this tag (None: where there is none), all or nothing.

        Raises NotMetError if another object is there by now.
        """
        condition = {"IfMatch": tag} if tag else {"IfNoneMatch": "*"}
        with self._asked(name):
            self._client.put_object(Bucket=self.remote.bucket, Key=self._key(name), Body=data, **condition)

    def upload(self, path: Path, name: str, sha256: str | None = None) -> None:
        """Put a file there; the store compares what arrives with the digest, if one is given."""
        with self._asked(name):
            if sha256 is None or path.stat().st_size > WHOLE_BYTES:
                self._client.upload_file(str(path), self.remote.bucket, self._key(name))
                return
            checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
            with path.open("rb") as file:
                self._client.put_object(
                    Bucket=self.remote.bucket, Key=self._key(name), Body=file, ChecksumSHA256=checksum
                )

    def copy(self, source: str, name: str) -> bool:
        """Whether an object could be copied there; the store does it by itself, nothing is sent."""
        place = {"Bucket": self.remote.bucket, "Key": self._key(source)}
        with self._asked(name):
            try:
                self._client.copy_object(Bucket=self.remote.bucket, Key=self._key(name), CopySource=place)
            except self._client.exceptions.ClientError as error:
                if _code(error) in GONE:
                    return False
                raise
            return True

    def sizes(self, folder: str) -> dict[str, int]:
        """The size of each object below a name, by its name."""
        prefix = self._key(folder) + "/"
        start = len(self._key(""))
        with self._asked(folder):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.remote.bucket, Prefix=prefix)
            return {item["Key"][start:]: item["Size"] for page in pages for item in page.get("Contents", ())}

    def folders(self, folder: str) -> tuple[str, ...]:
        """The names of the folders in a folder, sorted."""
        prefix = self._key(folder) + "/"
        with self._asked(folder):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self.remote.bucket, Prefix=prefix, Delimiter="/"
            )
            found = [item["Prefix"] for page in pages for item in page.get("CommonPrefixes", ())]
        return tuple(sorted(name[len(prefix) : -1] for name in found))

    def remove(self, names: list[str]) -> None:
        """Remove these objects; those that aren't there are no error."""
        for name in names:
            with self._asked(name):
                self._client.delete_object(Bucket=self.remote.bucket, Key=self._key(name))

    def _key(self, name: str) -> str:
        return at(self.remote, name)

    @contextmanager
    def _asked(self, name: str) -> Iterator[None]:
        """Errors of the store in our words: NotMetError, UsageError for what a person must change, RunError."""
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

        place = f"{self.remote.url}/{name}"
        try:
            yield
        except ClientError as error:
            code = _code(error)
            if code in NOT_MET:
                raise NotMetError(place) from error
            if code in WRONG_USE:
                raise UsageError(f"{place}: {error}; name another corpus, or see to its permissions") from error
            raise RunError(f"{place}: {error}; nothing was published there, run again") from error
        except NoCredentialsError as error:
            raise UsageError(f"{place}: {error}; set AWS_ACCESS_KEY_ID and so on, as for any other tool") from error
        except (BotoCoreError, OSError) as error:
            raise RunError(f"{place}: {error}; nothing was published there, run again when it answers") from error


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _client(remote: Remote) -> Any:
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError
    except ImportError as error:
        raise UsageError(f"{remote}: {error}; install it with `pip install 'copydesk[s3]'`") from error
    host = remote.option("endpoint_override")
    address = f"{remote.option('scheme') or 'https'}://{host}" if host and "://" not in host else host
    retries = {"mode": "standard", "max_attempts": ATTEMPTS}
    config = Config(retries=retries, connect_timeout=10, read_timeout=60)
    try:
        return boto3.session.Session().client(
            "s3", endpoint_url=address, region_name=remote.option("region"), config=config
        )
    except (BotoCoreError, ValueError) as error:
        raise UsageError(f"{remote}: {error}; see to the address and the AWS settings") from error
