"""Training of what foreign paragraphs are judged by, step by step; `bench/train_foreign.py` is the command."""

from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "src" / "copydesk" / "data"
"""Where what ships with the package is written."""
