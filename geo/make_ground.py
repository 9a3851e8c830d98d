"""Make the ground of the package: boundaries of China, coast, lakes and rivers, and the points of names.

    python geo/make_ground.py [FOLDER]

writes the files of qjmap/assets/ground (or FOLDER) from the packages in the extra `geo` and the lists rivers.csv and names.csv. The
same packages and lists give the same bytes. Units: whole steps of a lattice of WGS 84 degrees.
"""

import sys
from pathlib import Path
from typing import Final

import _ground_boundaries as boundaries

OUT: Final = Path(__file__).resolve().parent.parent / "qjmap" / "assets" / "ground"


def main(out: Path = OUT) -> None:
    """Write all files and print their sizes."""
    counties = boundaries.counties()
    contents = {"boundaries.z": boundaries.boundaries_file(counties)}
    out.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (out / name).write_bytes(content)
        print(f"{name:20}{len(content):>10,} bytes")


if __name__ == "__main__":
    main(*(Path(one).resolve() for one in sys.argv[1:]))
