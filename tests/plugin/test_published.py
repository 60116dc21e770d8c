"""Published files are fetched once, and verified."""

import hashlib
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from attnframe.errors import DataError
from attnframe.plugin.published import PublishedFile


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Address of a server that gives what lies in a folder ``served``."""
    served = tmp_path / "served"
    served.mkdir()
    (served / "a.txt").write_bytes(b"a published text")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(served)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_a_published_file_is_fetched_once(tmp_path: Path, server: str) -> None:
    digest = hashlib.sha256(b"a published text").hexdigest()
    file = PublishedFile("example", f"{server}/a.txt", digest, "example/a.txt")
    assert file.ready(tmp_path).read_bytes() == b"a published text"
    (tmp_path / "served" / "a.txt").unlink()
    assert file.ready(tmp_path) == tmp_path / "example" / "a.txt"


def test_a_fetched_file_that_differs_is_named(tmp_path: Path, server: str) -> None:
    file = PublishedFile("example", f"{server}/a.txt", "0" * 64, "example/a.txt")
    with pytest.raises(DataError, match=r"example/a\.txt must be the published file \(sha256 0{64}\)\. Got sha256 "):
        file.ready(tmp_path)


def test_a_file_that_cannot_be_fetched_says_what_to_do(tmp_path: Path) -> None:
    nowhere = "http://127.0.0.1:9/a.txt"
    file = PublishedFile("example", nowhere, "0" * 64, "example/a.txt")
    with pytest.raises(DataError) as error:
        file.ready(tmp_path)
    (fault,) = error.value.faults
    assert fault.where == str(tmp_path / "example" / "a.txt")
    assert fault.must == f"must be there, or data_dir writable and {nowhere} reachable"
    assert fault.works == "Run attnframe download data=example where there is a network and copy the file."
