"""datatrove's chain on the pages beside: JSON Lines, Trafilatura, FTFY, perhaps filters, Parquet; two workers."""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

import argparse
import tempfile

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.extractors import Trafilatura
from datatrove.pipeline.filters import FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter
from datatrove.pipeline.formatters import FTFYFormatter, PIIFormatter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import ParquetWriter


def main() -> None:
    """Run it once, in the current folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--filters", action="store_true", help="add Gopher's and FineWeb's filters and PII")
    given = parser.parse_args()
    filters = [GopherRepetitionFilter(), GopherQualityFilter(), FineWebQualityFilter()] if given.filters else []
    with tempfile.TemporaryDirectory(prefix="corpuskit-bench-peer-") as out:
        LocalPipelineExecutor(
            pipeline=[
                JsonlReader("pages"),
                # Its default of a second makes the output depend on the load of the machine.
                Trafilatura(timeout=60),
                FTFYFormatter(),
                *filters,
                *([PIIFormatter()] if given.filters else []),
                ParquetWriter(f"{out}/data", output_filename="${rank}.parquet", compression="zstd"),
            ],
            logging_dir=f"{out}/logs",
            tasks=2,
            workers=2,
        ).run()


if __name__ == "__main__":
    main()
