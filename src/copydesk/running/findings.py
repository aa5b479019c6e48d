"""What workers have found about records, on its way into the state: articles one by one, columns group by group."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from copydesk.article import Article, Outcome, Refusal
from copydesk.state import ExaminedStore, RecordKey, decode_columns, kept_columns
from copydesk.state.serial import encode_article
from copydesk.workers import Summary


@dataclass(slots=True)
class Findings:
    """Examined records in the order of their coming, until it is known what else was said about them."""

    store: ExaminedStore
    _waiting: list[tuple[RecordKey, Outcome, bytes]] = field(default_factory=list)
    _refused: list[Article] = field(default_factory=list)

    def add(self, key: RecordKey, unread: Article, result: bytes | Refusal) -> None:
        """Take what a worker sent of a record (`send_article`); one that no worker survived is quarantined."""
        if isinstance(result, Refusal):
            self._refused.append(replace(unread, outcome=Outcome.QUARANTINED, reason=str(result)))
            self._waiting.append((key, Outcome.QUARANTINED, encode_article(self._refused[-1])))
        else:
            outcome, _, article = result.partition(b"\n")
            self._waiting.append((key, Outcome(outcome.decode()), article))

    def sum_up(self, summary: Summary) -> None:
        """Keep the records so far, the last ones with the columns that the summary holds."""
        first = len(self._waiting) - summary.count
        alone, group = self._waiting[:first], self._waiting[first:]
        if alone:
            encoded = [article for _, _, article in alone]
            # There is no text in what was refused: its columns are made at once.
            all_refused = len(self._refused) == len(alone)
            self.store.put_group(alone, kept_columns(self._refused, encoded) if all_refused else None)
        if group:
            self.store.put_group(group, decode_columns(summary.value, [key.article_id for key, _, _ in group]))
        self._waiting, self._refused = [], []

    def put(self) -> None:
        """Keep the records so far, without any columns."""
        self.store.put_group(self._waiting)
        self._waiting, self._refused = [], []
