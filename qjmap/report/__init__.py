"""The numbers of an atlas: who works with whom, for how much, how far apart; what the corridors measure; what is missing.

Sums say what they rest on. Of several partnerships each value counts once, and not at all where the whole that it is
part of has a value in the same sum; how many state none is counted beside it. ``committed`` sums what is signed, being
built, in effect or was (an ended one); ``intended`` what is planned, proposed or of no stated status.
"""

from qjmap.report.numbers import build_report
from qjmap.report.tables import TABLES, Report, report_texts

__all__ = ["TABLES", "Report", "build_report", "report_texts"]
