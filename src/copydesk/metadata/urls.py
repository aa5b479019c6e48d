"""URLs as given, and the key under which two of them are the same article.

The key drops the scheme, `www` and the hosts and paths of AMP and mobile pages, the fragment, and the
parameters of a closed list of tracking names by exact match (`tracking.csv`). `gallery`, `id`, `ref` and
`source` are not on the list: on some sites they choose the article.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

from copydesk.metadata.date_forms import PrintedDate
from copydesk.metadata.dates import parse_date
from copydesk.metadata.words import read_rows

MAX_URL_CHARS = 4_096
"""A longer URL is refused. The longest real one in the page sets has 600 characters."""

_KEEP = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/")
# Matches: "https://www.courier.example/a", "http://[::1]/".  Not: "ftp://x", "https://", "https://a b".
_WEB = re.compile(r"https?://[^\s/?#<>\"\\^`{|}]{1,255}(?:[/?#][^\s<>\"]*)?\Z", re.IGNORECASE)
# First labels of hosts that carry the same pages in another dress.
_DRESS = frozenset(("www", "www1", "www2", "www3", "m", "mobile", "amp", "mobil", "touch"))
# Matches the end of: "/story/amp", "/story.amp", "/story.amp.html".  Not: "/champ".
_AMP_END = re.compile(r"(?:/amp|\.amp|\.amp(?=\.html\Z))/?(?=(?:\.html)?\Z)", re.IGNORECASE)


@cache
def _tracking() -> frozenset[str]:
    return frozenset(row["name"] for row in read_rows("tracking.csv"))


@lru_cache(maxsize=512)
def is_web_url(text: str) -> bool:
    """Whether the text is one whole http(s) URL of a sane length with a dotted host.

    >>> is_web_url("https://www.courier.example/2024/09/01/ice"), is_web_url("see https://courier.example")
    (True, False)
    """
    return len(text) <= MAX_URL_CHARS and bool(_WEB.match(text)) and "." in _host(text)


def whole_url(url: str, base: str) -> str:
    """A relative address made whole with the page's own or the one that the page names as its base; else as it is.

    >>> whole_url("/2024/ice", "https://courier.example/x/"), whole_url("/2024/ice", "/x/")
    ('https://courier.example/2024/ice', '/2024/ice')
    """
    if "://" in url or not is_web_url(base):
        return url
    try:
        joined = urljoin(base, url)
    except ValueError:
        return url
    return joined if is_web_url(joined) else url


def host_of(url: str | None) -> str | None:
    """The host of a URL in small letters, without port, or None.

    >>> host_of("https://User@US.cnn.com:443/x")
    'us.cnn.com'
    """
    if not url or not is_web_url(url):
        return None
    return _host(url)


def _host(url: str) -> str:
    authority = re.split(r"[/?#]", url.split("://", 1)[1], maxsplit=1)[0]
    return authority.rpartition("@")[2].partition(":")[0].casefold().strip(".")


@lru_cache(maxsize=512)
def url_key(url: str) -> str | None:
    """The URL normalised for matching, or None where it is no web URL.

    >>> url_key("https://amp.courier.example/World/ice/amp/?utm_source=x&id=7#top")
    'courier.example/World/ice?id=7'
    """
    if not is_web_url(url):
        return None
    url = original_url(url)
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = _key_host(_host(url))
    path = _AMP_END.sub("", _normal_escapes(parts.path))
    segments = [s for at, s in enumerate(path.split("/")) if not (s.casefold() == "amp" and at == 1)]
    path = "/".join(segments).rstrip("/")
    query = _key_query(parts.query)
    fragment = f"#{parts.fragment}" if parts.fragment.startswith("!") else ""
    return f"{host}{path}{'?' + query if query else ''}{fragment}"


# Matches: "https://www-courier-example.cdn.ampproject.org/c/s/www.courier.example/ice",
# "https://www.google.com/amp/s/www.courier.example/ice".  Not: "https://www.google.com/search".
_AMP_CACHE = re.compile(
    r"https?://(?:[\w.-]{1,200}\.cdn\.ampproject\.org/[acv]|www\.google\.[a-z.]{2,6}/amp)/(?:s/)?([^/].*)\Z"
)
# Matches what archives of the Web put the time of saving before (RFC 7089, appendix B has the habit):
# "https://web.archive.org/web/20240504101112id_/https://courier.example/ice", "https://archive.today/20240504101112/http://x.y".
# Not: "https://courier.example/20240504101112/ice", "https://courier.example/share/https://x.y".
_SAVED = re.compile(
    r"https?://[^/?#]+/(?:[\w.-]+/){0,3}(?:(\d{14})(?:[a-z]{2}_)?|web/\d{4,13}|newest|oldest)/(https?://[^/].*)\Z",
    re.IGNORECASE,
)


@lru_cache(maxsize=512)
def original_url(url: str) -> str:
    """The address of a page that a cache or an archive of the Web shows under one of its own; any other as it is.

    >>> original_url("https://web.archive.org/web/20240504101112/https://courier.example/ice")
    'https://courier.example/ice'
    >>> original_url("https://courier.example/share?u=https://www.example.com/ice")
    'https://courier.example/share?u=https://www.example.com/ice'
    """
    saved = _SAVED.match(url) if "/http" in url[8:] else None
    if saved:
        return saved[2]
    match = _AMP_CACHE.match(url)
    return f"https://{match[1]}" if match and "." in match[1] else url


def saved_at(url: str | None) -> str | None:
    """The instant at which an archive of the Web saved a page, in ISO 8601 (UTC), as its address says; else None.

    >>> saved_at("https://archive.today/20240504101112/https://courier.example/ice")
    '2024-05-04T10:11:12Z'
    """
    saved = _SAVED.match(url) if url else None
    if not saved or not saved[1]:
        return None
    at = saved[1]
    return f"{at[:4]}-{at[4:6]}-{at[6:8]}T{at[8:10]}:{at[10:12]}:{at[12:]}Z"


def _key_host(host: str) -> str:
    labels = host.split(".")
    while len(labels) > 2 and labels[0] in _DRESS:
        labels = labels[1:]
    joined = ".".join(labels)
    if joined.isascii():
        return joined
    try:
        return joined.encode("idna").decode("ascii")
    except UnicodeError:
        return joined


def _normal_escapes(text: str) -> str:
    """Percent escapes in one form: unreserved characters plain, all else escaped in capitals (RFC 3986, 6.2.2)."""
    if "%" not in text and text.isascii():
        return text
    raw = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text).replace("%2F", "%252F").replace("%2f", "%252F")
    return "".join(chr(b) if b in _KEEP else f"%{b:02X}" for b in unquote_to_bytes(raw)).replace("%252F", "%2F")


def _key_query(query: str) -> str:
    kept = []
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if part and name.casefold() not in _tracking() and not _is_amp_flag(name, value):
            kept.append(_normal_escapes(part))
    return "&".join(sorted(kept))


def _is_amp_flag(name: str, value: str) -> bool:
    return (name == "amp" and value in ("", "1", "true")) or (
        name.casefold() == "outputtype" and value.casefold() == "amp"
    )


def is_home_page(url: str) -> bool:
    """Whether a URL names a site and no page of it.

    >>> is_home_page("https://www.courier.example/"), is_home_page("https://courier.example/ice")
    (True, False)
    """
    key = url_key(url)
    return key is not None and (
        "/" not in key or key.rpartition("/")[2] in ("index.html", "index.php", "home", "en", "de")
    )


# Matches: "/2024/09/01/", "/2024-09-01/", "/2024-09-01-ice-is-back", "/2024/sep/01/", "/2024/march/01/", "/20240901/".
# Not: "/v2024/9/1", "/12024/09/01", "/2024-09-011".
_PATH_DAY = re.compile(
    r"/(20[0-4]\d|19\d\d)(?:/(\d{1,2}|[a-z]{3,9})/(\d{1,2})(?=/|\Z)|-(\d\d)-(\d\d)(?=/|\Z|[-+_%][^\W\d_])|(\d\d)(\d\d)(?=/|\Z))",
    re.IGNORECASE,
)


def date_of_url(url: str | None) -> PrintedDate | None:
    """The day that whole path segments of a URL say, or the start of one that goes on in words, or None.

    >>> date_of_url("https://courier.example/2024/09/01/ice").text
    '2024-09-01'
    >>> date_of_url("https://courier.example/2024/09/ice-2024-09-01-x") is None
    True
    """
    if not url or len(url) > MAX_URL_CHARS:
        return None
    match = _PATH_DAY.search(url.split("?", 1)[0].split("#", 1)[0])
    if not match:
        return None
    month, day = match[2] or match[4] or match[6], match[3] or match[5] or match[7]
    if month.isalpha():
        return parse_date(f"{day} {month} {match[1]}")
    return parse_date(f"{match[1]}-{int(month):02d}-{int(day):02d}")
