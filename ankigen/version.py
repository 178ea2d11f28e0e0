"""The version of ankigen, for the build, `--version` and reports."""

__version__ = "0.1.0"
