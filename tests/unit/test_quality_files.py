"""Labelled files as people have them: what is read, what is refused, and in which words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.quality.labelled import print_figures, read_rows, refuse_unknown


def a_file(folder: Path, content: bytes) -> Path:
    path = folder / "test.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        b"text,label\nWhere is it?,en\n",
        b"\xef\xbb\xbftext,label\r\nWhere is it?,en\r\n",
        b'label,text,note\nen,"Where is it?",\n\n',
        b"text,label\nWhere is it?,en",
        b"text, label\n Where is it? , en\n",
    ],
)
def test_files_of_any_origin_are_read(tmp_path: Path, content: bytes) -> None:
    (row,) = read_rows(a_file(tmp_path, content), "text", "label")

    assert (row.line, row["text"], row["label"]) == (2, "Where is it?", "en")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "column text is missing"),
        (b"text;label\nhello;greeting\n", "column text is missing; .* separated by commas"),
        (b"text,label,label\nhello,greeting,other\n", "column label stands twice"),
        (b"text,label\n", "holds no text"),
        (b"text,intent\nhello,greeting\n", "column label is missing"),
        (b"text,label\nhello,\n", "line 2: label is empty"),
        (b"text,label\nhello\n", "line 2: label is empty"),
        (b"text,label\n ,greeting\n", "line 2: text is empty"),
        (b"text,label\nwell, hello,greeting\n", "line 2: has more columns"),
        (b'text,label\n"hello,greeting\n', "is no CSV"),
        (b"text,label\nol\xe1,greeting\n", "is not UTF-8"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=rf"test\.csv.*{said}"):
        read_rows(a_file(tmp_path, content), "text", "label")


def test_a_label_that_no_answer_could_match_is_named_with_its_line(tmp_path: Path) -> None:
    path = a_file(tmp_path, b"text,label\nhello,en\nbonjour,fr\nhallo,xx\nsaluton,yy\n")
    rows = read_rows(path, "text", "label")

    with pytest.raises(ValueError, match=r"line 4: label: 'xx' is not known \(and 1 more unknown\); known are en, fr$"):
        refuse_unknown(path, rows, ["fr", "en"])
    refuse_unknown(path, rows, ["fr", "en", "xx", "yy"])


def test_figures_come_as_json_and_errors_with_an_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def measures() -> dict[str, object]:
        return {"texts": 1}

    async def fails() -> dict[str, object]:
        return {"texts": len(read_rows(tmp_path / "nowhere.csv", "text"))}

    assert print_figures(measures()) == 0
    assert json.loads(capsys.readouterr().out) == {"texts": 1}
    assert print_figures(fails()) == 2
    assert "nowhere.csv" in capsys.readouterr().err
