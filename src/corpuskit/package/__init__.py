"""Documents to a release: Parquet files, card, manifest, checksums."""
