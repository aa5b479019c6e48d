"""The steps of a run: raw files to examined articles, verdicts to rows, rows to a published corpus."""
