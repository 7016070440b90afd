"""The key, the version, and what survives: a kill, a restart, and files that are no data."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path

import pytest
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError
from azure.search.documents import SearchClient
from azure.search.documents.indexes import SearchIndexClient

from local.search.__main__ import API_KEY
from tests.contract.search.support import BOOKS, ROOT, Account, Process, a_library, command, near


@pytest.mark.parametrize("key", ["wrong", "local-development-only-search-ke"])
def test_another_key_is_refused(account: Account, key: str) -> None:
    with (
        SearchIndexClient(account.endpoint, AzureKeyCredential(key)) as client,
        pytest.raises(HttpResponseError) as refusal,
    ):
        list(client.list_indexes())
    assert refusal.value.status_code == 403


def test_an_unknown_version_of_the_interface_is_refused(account: Account) -> None:
    with (
        SearchIndexClient(account.endpoint, account.credential, api_version="2019-01-01") as client,
        pytest.raises(HttpResponseError) as refusal,
    ):
        list(client.list_indexes())
    assert refusal.value.status_code == 400


def test_what_was_confirmed_survives_a_kill(tmp_path: Path) -> None:
    process = Process(tmp_path, API_KEY)
    with SearchIndexClient(process.account.endpoint, process.account.credential) as indexes:
        indexes.create_index(a_library("books"))
    with SearchClient(process.account.endpoint, "books", process.account.credential) as client:
        client.upload_documents(BOOKS)
        client.delete_documents([{"id": "blank"}])
        client.upload_documents([{"id": "late", "title": "Came in the place of the blank one"}])
    process.kill()
    again = Process(tmp_path, API_KEY)
    with SearchClient(again.account.endpoint, "books", again.account.credential) as client:
        assert client.get_document_count() == 4
        assert [row["id"] for row in client.search("place")] == ["late"]
        assert [row["id"] for row in client.search("*", filter="tags/any(t: t eq 'security')")] == ["reset"]
        assert [row["id"] for row in client.search("*", order_by=["changed desc"], top=1)] == ["refund"]
        nearest = client.search(vector_queries=[near([0.0, 1.0, 0.0])], filter="is_open eq true")
        assert [row["id"] for row in nearest] == ["refund", "reset"]
    again.stop()


def test_a_newer_data_file_is_refused_in_one_line_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "search.db"
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = file.read_bytes()
    refused = _refused(tmp_path)
    assert "999" in refused
    assert "make reset" in refused
    assert file.read_bytes() == before


def test_a_file_that_is_no_data_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "search.db").write_bytes(b"this is no database at all, but long enough to be taken for one" * 99)
    assert "make reset" in _refused(tmp_path)


def _refused(data: Path) -> str:
    """What the stand-in says instead of starting."""
    ended = subprocess.run(command(data), cwd=ROOT, input="", capture_output=True, text=True, timeout=120)
    assert ended.returncode != 0
    assert "Traceback" not in ended.stderr
    return ended.stderr.splitlines()[-1]
