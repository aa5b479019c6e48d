"""Files by themselves, without a corpus: articles out of them, and copies among them."""
