"""The compiled pass: words, sketches, counts and measures straight from Arrow's UTF-8 buffers.

Everything here gives, bit for bit, what the plain functions of `fold`, `hashing`, `sketch` and `align` give; the
tests hold them against each other. Imported only by `compiled`, for corpora on which loading compiled code pays.
Texts are `data` (uint8) and `offsets` (int64, one more than there are texts). Lengths that might be tuned come in as
arguments: a compiled function that is kept on disk remembers the constants it was compiled with.
"""
