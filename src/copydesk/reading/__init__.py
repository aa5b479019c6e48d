"""Files and containers in the raw folder → records."""
