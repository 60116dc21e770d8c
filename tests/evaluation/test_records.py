from __future__ import annotations

from pathlib import Path

from attnframe.evaluation.records import flatten, write_records

RECORDS = [
    {"input": "a,b\n", "label": "cat", "probabilities": {"cat": 0.75, "dog": 0.25}},
    {"input": "ü", "tokens": [1, 2]},
]


def test_nested_fields_get_dotted_names() -> None:
    assert flatten(RECORDS[0]) == {
        "input": "a,b\n",
        "label": "cat",
        "probabilities.cat": 0.75,
        "probabilities.dog": 0.25,
    }
    assert flatten(RECORDS[1]) == {"input": "ü", "tokens": "[1, 2]"}


def test_csv_has_every_column_and_quotes_what_needs_it(tmp_path: Path) -> None:
    write_records(RECORDS, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == (
        'input,label,probabilities.cat,probabilities.dog,tokens\n"a,b\n",cat,0.75,0.25,\nü,,,,"[1, 2]"\n'
    )


def test_json_lines_keep_nesting_and_letters(tmp_path: Path) -> None:
    write_records(RECORDS, tmp_path / "a.jsonl")
    assert (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()[1] == '{"input": "ü", "tokens": [1, 2]}'
