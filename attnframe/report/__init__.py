"""report.html of a run or a sweep, made from its files alone: it can be drawn again wherever the folder lies."""

from attnframe.report.write import write_run_report, write_sweep_report

__all__ = ["write_run_report", "write_sweep_report"]
