"""Report of an atlas: statistics of partners, values, distances and corridors, and of missing facts.

A sum leaves out the value of a partnership that is part of another one with a value in the same sum, so that no money is counted twice.
Partnerships without a value are counted separately. ``committed`` is the sum over partnerships that are signed, under construction,
operating or ended and whose value is actual (or of no stated kind); ``intended`` is the sum over all others: planned, proposed, of any
other or no status, or with a value that is a target, forecast or capacity.
"""

from qjmap.report.render import TABLES, Report, report_texts
from qjmap.report.statistics import build_report

__all__ = ["TABLES", "Report", "build_report", "report_texts"]
