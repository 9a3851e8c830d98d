"""What the frozen program carries and what it leaves out. Nothing here needs PyInstaller: tests hold the lists to the program."""

from __future__ import annotations

import re

from tests.wheelhouse import BUILD_ONLY as BUILDS_WHEELS
from tests.wheelhouse import requirements

EXTRAS = ("python-docx", "lxml", "typing-extensions", "geopy", "geographiclib", "platformdirs")
"""Packages of requirements-dev.txt that are carried besides those of requirements.txt: the extras report and online."""

BUILD_ONLY = (*BUILDS_WHEELS, "altgraph", "pip", "pyinstaller-hooks-contrib")
"""Packages of the environment that freezes the program of which the program carries nothing."""

EXCLUDED = (
    # of Python
    "ensurepip", "idlelib", "lib2to3", "pip", "readline", "setuptools", "distutils", "_distutils_hack", "pkg_resources", "test",
    "tkinter", "_tkinter", "turtle", "turtledemo", "venv", "curses", "_curses",
    # of pyarrow: other services and formats
    "pyarrow._azurefs", "pyarrow._flight", "pyarrow._gcsfs", "pyarrow._hdfs", "pyarrow._orc", "pyarrow._dataset_orc",
    "pyarrow._parquet_encryption", "pyarrow._dataset_parquet_encryption", "pyarrow._pyarrow_cpp_tests", "pyarrow._s3fs",
    "pyarrow._substrait", "pyarrow.cffi", "pyarrow.conftest", "pyarrow.cuda", "pyarrow.flight", "pyarrow.gandiva", "pyarrow.jvm",
    "pyarrow.orc", "pyarrow.parquet.encryption", "pyarrow.substrait", "pyarrow.tests",
    # tests and compilers of others
    "numpy.conftest", "numpy.f2py", "numpy.tests", "numpy.random.tests", "pandas.conftest", "pandas.tests", "pyogrio.tests",
    "shapely.tests", "geopandas.tests", "geopandas.tools.tests", "geopandas.io.tests", "isal.__main__",
    # asked for by others where they are installed, and by nothing here
    "IPython", "PIL", "cffi", "dask", "distributed", "fsspec", "hypothesis", "mapclassify", "matplotlib", "mypy", "networkx",
    "numba", "numexpr", "openpyxl", "psycopg", "psycopg2", "pytest", "scipy", "sqlalchemy", "xlrd", "odf", "tables",
)  # fmt: skip
"""Modules that are left out, with all modules below them."""

_LEFT_OUT_LIBRARIES = (
    r"(lib)?(arrow_(flight|python_flight|s3|python_parquet_encryption)|gandiva|readline|ncurses|tinfo)\b"
)
_LEFT_OUT = re.compile(
    rf"(^|/){_LEFT_OUT_LIBRARIES}[^/]*$"
    r"|^pyarrow/(include|includes|src|tests)/|^pyarrow/.*\.(pxd|pxi|pyx|h|cc)$"
    r"|^pyarrow/libarrow_python\.so$|(^|/)tests/|\.(pyi|map|cmake)$|^geopandas/datasets/|^pyarrow/.*\.so(?!\.\d+$).*\.\d+\.\d+\.\d+$"
)


def is_left_out(name: str) -> bool:
    """Whether a file of a package, named by its path in the folder of packages, is left out: headers, tests, unused libraries."""
    return bool(_LEFT_OUT.search(name.replace("\\", "/")))


DATA = ("qjmap", "pyogrio", "xstatic.pkg.leaflet", "pypinyin", "docx")
"""Packages whose files that are no modules are carried; hooks of PyInstaller name those of the other packages."""
WHOLE = ("qjmap", "pyogrio", "pypinyin", "pyproj")
"""Packages of which every module is carried, since modules are imported by names that are texts, or by compiled code."""


def extras(lock: str) -> str:
    """Return the locked requirements of the extras, with their hashes, as the text of a requirements file."""
    entries = requirements(lock)
    return "".join(entries[name] for name in EXTRAS)
