"""Quality and speed, always beside a peer in the same run."""
