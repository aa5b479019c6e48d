"""Bytes → text, and damaged text → repaired text."""

from copydesk.encoding.decoding import Decoded, decode
from copydesk.encoding.repair import Repaired, repair_text
from copydesk.encoding.screen import may_need_repair
from copydesk.encoding.stage import repair_article

__all__ = ["Decoded", "Repaired", "decode", "may_need_repair", "repair_article", "repair_text"]
