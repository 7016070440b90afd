"""One host for all tests that leave it as they found it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.contract.host.running import Caller, RunningHost, a_host


@pytest.fixture(scope="package")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHost]:
    with a_host(data=tmp_path_factory.mktemp("data")) as running:
        yield running


@pytest.fixture
async def call(host: RunningHost) -> AsyncIterator[Caller]:
    async with Caller(host.url) as caller:
        yield caller
