"""Version of the package; the build, the command line and the pages read it from here."""

__version__ = "0.2.0"
