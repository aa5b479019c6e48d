"""The settings of a run, one frozen value per stage. Every setting has a default.

`settings_file.py` reads them from a file, and writes one in which each is explained by the text below it here.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """Limits on what is read. A record beyond one is quarantined, never cut."""

    max_record_bytes: int = 32 * 1024 * 1024
    """A larger record is no article. The largest page of the extraction sets is 3 MB."""
    max_unpacked_bytes: int = 2 * 1024 * 1024 * 1024
    """What one packed file may unpack to; beyond it, it is taken for a bomb."""
    max_unpacked_ratio: int = 2_000
    """Unpacked bytes per packed byte. Text reaches 20; deflate can't exceed 1,032, so nested bombs do."""
    max_members: int = 1_000_000
    """Members of one archive."""
    max_container_bytes: int = 512 * 1024 * 1024
    """A container that can only be taken apart as a whole (a JSON object with a list in it, a packed Parquet table)."""


@dataclass(frozen=True, slots=True)
class ExtractionSettings:
    """How blocks of a page are chosen."""

    list_items: bool = True
    """Whether list items of the article belong to its text."""


@dataclass(frozen=True, slots=True)
class MetadataSettings:
    """What may be true of an article."""

    latest_year: int = 2100
    """Later dates are refused where nothing says when a record was fetched. Never the clock's year:
    a run repeated in ten years must give the same."""


@dataclass(frozen=True, slots=True)
class BoilerplateSettings:
    """How furniture is recognised."""

    learned_min_stories: int = 3
    """A line is furniture of its outlet if it stands in at least so many different stories."""
    learned_min_words: int = 5
    """Shorter lines are never learned: speakers, subheads and place names recur too."""


@dataclass(frozen=True, slots=True)
class ContaminationSettings:
    """How foreign paragraphs and documents are judged."""

    remove_paragraphs: bool = True
    """Whether paragraphs of other stories are removed (else only flagged)."""
    theme: tuple[str, ...] = ()
    """Words or a sentence that describe what the corpus is about; empty: what its articles agree on, if they do."""
    learn_theme: bool = True
    """Whether a corpus without such words is looked at for a theme of its own, and articles off it are flagged."""
    embeddings: str = ""
    """Folder of a model of model2vec or sentence-transformers whose word vectors are used beside the shipped ones."""
    remove_off_topic: bool = False
    """Whether documents off the theme get the outcome off_topic (else they are only flagged)."""


@dataclass(frozen=True, slots=True)
class DuplicateSettings:
    """What counts as a copy."""

    near_jaccard: float = 0.5
    """Jaccard on runs of 3 words from which linked texts are near copies, not one a part of the other."""
    excerpt_containment: float = 0.345
    """Share of a text's words in the other from which the two are linked (swept on the duplicates benchmark: .33 is
    reached by different stories with a common background passage, .35 by excerpts among foreign text)."""
    removal_coverage: float = 0.66
    """Share of a linked copy's words that must be in its survivor for the copy to be removed."""


@dataclass(frozen=True, slots=True)
class WritingSettings:
    """How tables are written."""

    keep_snapshots: int = 7
    """How many snapshots `gc` leaves where no number is given."""
    keep_removed: bool = False
    """Whether records stay that a run has read and that are no longer in the raw folder, with the ledger saying so;
    without it their rows go with them. They lie in the state alone then: `--rebuild` forgets them."""
    licence: str = ""
    """What may be done with the corpus: a name or an address for its card and its metadata; empty: none is stated."""
    local_folder: str = ".copydesk"
    """Where the state and a copy of a corpus on an object store lie: on a disk that stays, the same for all runs."""


@dataclass(frozen=True, slots=True)
class RunningSettings:
    """Limits on the work on one record. A record beyond one is tried again, alone, then quarantined."""

    record_seconds: int = 60
    """A record not read or examined after so long is given up. The slowest page of the extraction sets takes 2 s."""
    worker_bytes: int = 4 * 1024 * 1024 * 1024
    """What a worker process may take in addition while it reads a file or examines a record."""
    records_per_worker: int = 5_000
    """A worker is replaced after so many records: libraries keep a little of each."""
    memory_bytes: int = 2 * 1024 * 1024 * 1024
    """What the whole run should get by with, workers aside: a part of it is for records that wait to be examined."""
    readers: int = 2
    """Processes that take files apart, beside the workers that examine; one keeps some tens of workers busy."""
    shard_bytes: int = 64 * 1024 * 1024
    """Files of JSON lines that are larger are cut into pieces of this size, for several readers."""


@dataclass(frozen=True, slots=True)
class GateSettings:
    """When a run's result is held back instead of published. Shares run from 0 to 1; 1.0 switches a limit off.

    A rise is measured against the median of earlier runs; without enough of them no share is compared.
    """

    enabled: bool = True
    """Whether results are held back at all; they are measured and written down in any case."""
    history_runs: int = 14
    """How many of the last published runs the median is taken from: two weeks of nights. Runs before the last
    accepted one don't count: what was accepted is the new normal."""
    min_runs: int = 3
    """So many earlier runs there have to be before a share is compared, after an accepted run one. The number of
    articles is compared from the second run on."""
    min_records: int = 200
    """A share of fewer records is neither compared nor remembered: of ten records, three are 30 %."""
    max_rows_fall: float = 0.5
    """How far the number of articles may fall below the median, as a share of it. A raw folder that isn't mounted
    looks like a folder from which everything was removed: that nothing is left is too far in a corpus of any size."""
    max_outcome_rise: float = 0.2
    """How far the share of quarantined, no_article or off_topic records may rise, in the corpus or among the new."""
    max_duplicate_rise: float = 0.3
    """How far the share of duplicates may rise, in the corpus or among the new records."""
    max_null_rise: float = 0.2
    """How far the share of articles without authors, or without a date, may rise, in the corpus or among the new."""
    max_removed_rise: float = 0.2
    """How far the share of text that one stage removes may rise, in the corpus or among the new records."""
    max_outlet_rise: float = 0.4
    """How far the share of an outlet's records that are dropped (duplicates too) may rise."""
    max_dropped_share: float = 1.0
    """An absolute limit, also for a first run: share of records quarantined, no_article or off_topic together."""
    max_duplicate_share: float = 1.0
    """An absolute limit, also for a first run: share of duplicates."""
    max_no_authors_share: float = 1.0
    """An absolute limit, also for a first run: share of articles without authors."""
    max_no_date_share: float = 1.0
    """An absolute limit, also for a first run: share of articles without a date."""


@dataclass(frozen=True, slots=True)
class NightlySettings:
    """When the scheduled deployment runs, and who is told how it went. `copydesk clean` doesn't look at them."""

    cron: str = "0 2 * * *"
    """Minute, hour, day of the month, month, day of the week."""
    timezone: str = "UTC"
    """The time zone of the cron line, by its IANA name, such as Europe/Berlin."""
    webhook: str = ""
    """An http(s) address that is sent JSON when a run fails, crashes or is held back; empty: nobody is told."""
    mail_to: str = ""
    """E-mail addresses, a comma between them, that are told the same; empty: no letters."""
    mail_from: str = ""
    """The address that letters come from."""
    mail_server: str = "localhost:25"
    """The mail server, as host:port."""
    mail_security: str = "starttls"
    """How the connection to it is encrypted: starttls, tls (from the first byte) or none (without a login only)."""
    mail_user: str = ""
    """The login at the mail server; empty: none. The password is in the environment, as COPYDESK_MAIL_PASSWORD."""
    mail_password_block: str = ""
    """The name of a Prefect block of the type Secret that has the password instead."""
    retries: int = 3
    """How often a run is tried again after an error of a disk or a network that may pass."""
    retry_seconds: int = 60
    """How long the first retry waits; each further one twice as long as the one before."""


@dataclass(frozen=True, slots=True)
class OverridesSettings:
    """Where the decisions of people lie that every run respects."""

    file: str = "overrides.toml"
    """The file in which people keep or remove paragraphs, lines, links and documents for good. A relative path starts
    at the folder in which the corpus lies; without a file nothing is overruled."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a run."""

    reading: ReadingSettings = field(default_factory=ReadingSettings)
    extraction: ExtractionSettings = field(default_factory=ExtractionSettings)
    metadata: MetadataSettings = field(default_factory=MetadataSettings)
    boilerplate: BoilerplateSettings = field(default_factory=BoilerplateSettings)
    contamination: ContaminationSettings = field(default_factory=ContaminationSettings)
    duplicates: DuplicateSettings = field(default_factory=DuplicateSettings)
    overrides: OverridesSettings = field(default_factory=OverridesSettings)
    writing: WritingSettings = field(default_factory=WritingSettings)
    running: RunningSettings = field(default_factory=RunningSettings)
    gates: GateSettings = field(default_factory=GateSettings)
    nightly: NightlySettings = field(default_factory=NightlySettings)

    @property
    def digest(self) -> str:
        """A short digest of all values: the same settings give the same digest."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
