"""Report of an atlas: statistics of partners, values, distances and corridors, and of missing facts.

A sum counts each value once, and not at all if the whole that it is part of has a value in the same sum; the partnerships
without a value are counted beside it. ``committed`` sums partnerships that are signed, under construction, operating or ended;
``intended`` those that are planned, proposed or without a status.
"""

from qjmap.report.render import TABLES, Report, report_texts
from qjmap.report.statistics import build_report

__all__ = ["TABLES", "Report", "build_report", "report_texts"]
