"""Rules, word lists, weights: data files, each with its origin."""
