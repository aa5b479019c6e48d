"""Raw files and corpora on object stores (`s3://bucket/prefix`).

`address`: what such an address says. `raw`: the objects below one as raw files. `objects`: the few requests that
publishing needs, with conditions. `mirror`: a corpus there and its local copy, pulled before a run and pushed after it.
"""

from copydesk.stores.address import Remote, at, filesystem, parse_location

__all__ = ["Remote", "at", "filesystem", "parse_location"]
