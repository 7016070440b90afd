"""Data that cannot be used are refused in one line that names the way out; a full disk loses nothing."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

import pytest

from local.database import FORMAT_VERSION, Database, DataError, explanation, open_database


def a_database(path: Path) -> Database:
    connection = open_database(path)
    connection.execute("CREATE TABLE IF NOT EXISTS notes (text TEXT)")
    return connection


def let_no_page_be_added(connection: Database) -> None:
    connection.execute("PRAGMA max_page_count=1")  # SQLite takes the pages there are as the least


def test_data_are_there_after_closing(tmp_path: Path) -> None:
    first = a_database(tmp_path / "data.db")
    first.execute("INSERT INTO notes VALUES ('kept')")
    first.close()

    again = open_database(tmp_path / "data.db")

    assert [row["text"] for row in again.execute("SELECT text FROM notes")] == ["kept"]
    assert again.execute("PRAGMA user_version").fetchone()[0] == FORMAT_VERSION
    again.close()


def test_file_from_before_versions_is_taken_over(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / "data.db")
    old.execute("CREATE TABLE notes (text TEXT)")
    old.close()

    connection = open_database(tmp_path / "data.db")

    assert connection.execute("PRAGMA user_version").fetchone()[0] == FORMAT_VERSION
    connection.close()


def test_newer_format_is_refused_and_left_alone(tmp_path: Path) -> None:
    newer = sqlite3.connect(tmp_path / "data.db")
    newer.execute(f"PRAGMA user_version={FORMAT_VERSION + 1}")
    newer.close()
    before = (tmp_path / "data.db").read_bytes()

    with pytest.raises(DataError, match=r"data\.db is in format 2.*make reset") as refused:
        open_database(tmp_path / "data.db")

    assert "\n" not in str(refused.value)
    assert (tmp_path / "data.db").read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database at all " * 50, b"SQLite format 3\0" + b"\xff" * 4096])
def test_damaged_file_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "data.db").write_bytes(content)

    with pytest.raises(DataError, match=r"data\.db is damaged .*make reset") as refused:
        open_database(tmp_path / "data.db")

    assert "\n" not in str(refused.value)


def test_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data.db").mkdir()

    with pytest.raises(DataError, match=r"data\.db cannot be opened"):
        open_database(tmp_path / "data.db")


def test_full_disk_is_said_once_and_what_was_stored_stays(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    # Given data, and no room for more
    connection = a_database(tmp_path / "data.db")
    connection.execute("INSERT INTO notes VALUES ('kept')")
    let_no_page_be_added(connection)

    # When more is written, twice, each time in a transaction
    with caplog.at_level(logging.ERROR):
        for _ in range(2):
            connection.execute("BEGIN IMMEDIATE")
            with pytest.raises(sqlite3.OperationalError) as failed:
                connection.execute("INSERT INTO notes VALUES (?)", ("x" * 100_000,))
            connection.execute("ROLLBACK")

    # Then one line says so, and once there is room everything goes on
    assert [record.getMessage() for record in caplog.records] == [
        f"attention: {tmp_path / 'data.db'}: {explanation(failed.value)}"
    ]
    assert "no room on the disk" in caplog.text
    connection.execute("PRAGMA max_page_count=1000000")
    connection.execute("INSERT INTO notes VALUES (?)", ("x" * 100_000,))
    assert [len(row["text"]) for row in connection.execute("SELECT text FROM notes")] == [4, 100_000]
    connection.close()


def test_ordinary_mistake_is_not_explained_away(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    connection = a_database(tmp_path / "data.db")

    with pytest.raises(sqlite3.OperationalError, match="no such table") as failed:
        connection.execute("SELECT * FROM nowhere")

    assert explanation(failed.value) is None
    assert caplog.records == []
    connection.close()
