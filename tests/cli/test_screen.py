"""Error screens keep to their size and show what they can."""

from attnframe.cli.screen import LINES, WIDTH, error_screen, table
from attnframe.errors import Fault


def fits(lines: list[str]) -> bool:
    return len(lines) <= LINES and all(len(line) <= WIDTH for line in lines)


def test_one_fault_is_shown_whole() -> None:
    lines = error_screen("train", [Fault("optim.lr", "must be above 0", "-1", "Try 1e-3.")])
    assert lines == ["attnframe train: 1 thing to mend", "- optim.lr must be above 0. Got -1. Try 1e-3."]


def test_a_screen_never_exceeds_40_lines_of_120_columns() -> None:
    long = Fault("x" * 300, "must be " + "short " * 400, "y" * 5000)
    for faults in ([long], [long] * 3, [long] * 60, [Fault(str(n), "is wrong") for n in range(500)]):
        assert fits(error_screen("train", faults))


def test_what_does_not_fit_is_counted() -> None:
    lines = error_screen("check", [Fault(str(n), "is wrong") for n in range(100)])
    assert lines[0] == "attnframe check: 100 things to mend"
    shown = sum(line.startswith("- ") for line in lines)
    assert lines[-1] == f"  … and {100 - shown} more"


def test_long_faults_are_cut_so_that_all_are_seen() -> None:
    faults = [Fault(f"key{n}", "must be " + "short " * 200) for n in range(10)]
    lines = error_screen("train", faults)
    assert sum(line.startswith("- key") for line in lines) == 10


def test_line_breaks_of_a_value_do_not_break_the_screen() -> None:
    assert len(error_screen("train", [Fault("data.path", "must exist", "'a\nb'")])) == 2


def test_tables_are_aligned_and_wrap_their_last_column() -> None:
    lines = table(["name", "what"], [["a", "short"], ["longer", "word " * 60]]).splitlines()
    assert lines[0] == "name    what"
    assert lines[2] == "a       short"
    assert all(len(line) <= WIDTH for line in lines)
    assert lines[4].startswith(" " * 8 + "word")
