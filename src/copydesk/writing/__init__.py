"""Tables, schema, ledger, snapshots."""
