"""What the whole chain costs: read, decode, repair, segment, describe, select, Parquet.

    python -m bench.throughput FOLDER                    CPU-seconds a page against datatrove's chains, interleaved
    python -m bench.throughput FOLDER --scaling          the same pages with one worker and with two
    python -m bench.throughput FOLDER --stages           what each stage costs, beside the best library for it alone
    python -m bench.throughput FOLDER --curve 1000 10000 time, memory and bytes by number of pages; a plot with --plot
    python -m bench.throughput FOLDER --capacity 100 500 what corpora of up to 10^10 such pages take

FOLDER holds Parquet files with the columns ``id``, ``url`` and ``html``.  All chains read the same JSON Lines files
and run with two workers.  CPU is that of all processes a chain starts, its start-up included, so that small numbers
of pages are unkind to whoever starts slowly: ``--pages`` says how many.  Ratios travel between machines, seconds do
not.  The pages of ``--curve`` are generated: FOLDER has no part in it.
"""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path

from bench.running import compiled
from bench.throughput import capacity, chains, curve, stages


def main() -> None:
    """Print what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="Parquet files of pages")
    parser.add_argument("--pages", type=int, default=1_000, help="pages a chain reads")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each chain; the least counts")
    parser.add_argument("--scaling", action="store_true", help="one worker against two")
    parser.add_argument("--stages", action="store_true", help="cost by stage")
    parser.add_argument("--curve", type=int, nargs="+", metavar="PAGES", help="cost by number of pages")
    parser.add_argument("--capacity", type=int, nargs=2, metavar="PAGES", help="model from builds of two sizes")
    parser.add_argument("--core-hour", type=float, default=0.02, help="price of a core for an hour, for --capacity")
    parser.add_argument("--terabyte-month", type=float, default=23.0, help="price of a terabyte kept for a month")
    parser.add_argument("--plot", type=Path, help="where the plot of --curve goes (SVG)")
    parser.add_argument("--workers", type=int, default=2, help="processes of --curve")
    given = parser.parse_args()
    compiled()
    if given.scaling:
        chains.scaling(given.folder, given.pages, given.repeat)
    elif given.stages:
        stages.report(given.folder, given.pages)
    elif given.capacity:
        capacity.report(given.folder, given.capacity, given.core_hour, given.terabyte_month)
    elif given.curve:
        curve.report(given.curve, given.plot, given.workers)
    else:
        with_peers = importlib.util.find_spec("datatrove") is not None
        if not with_peers:
            print("datatrove is not installed (extra `bench`): corpuskit alone")
        chains.compare(given.folder, given.pages, given.repeat, with_peers=with_peers)


if __name__ == "__main__":
    main()
