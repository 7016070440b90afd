"""Where the parts listen, and what is said when a port is taken."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from local.stack.ports import Ports, PortsError, claim_free_span


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_base_moves_every_port() -> None:
    ports = Ports.from_base(5000)

    assert (ports.site, ports.host, ports.cosmos, ports.pubsub, ports.search) == (5000, 5001, 5002, 5003, 5004)
    assert (ports.azurite_blob, ports.azurite_queue, ports.azurite_table) == (5010, 5011, 5012)


@pytest.mark.parametrize("base", [80, 1023, 65530])
def test_base_without_room_is_refused(base: int) -> None:
    with pytest.raises(PortsError, match=f"PORT_BASE={base} is out of range"):
        Ports.from_base(base)


@pytest.mark.parametrize("typed", ["abc", "", "-1", "5000.5", "٥٠٠٠"])
def test_base_that_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(PortsError, match=r"PORT_BASE=.* is no number: choose one from 1024"):
        Ports.from_text(typed)


def test_base_is_read_as_it_was_typed() -> None:
    assert Ports.from_text("5000") == Ports.from_base(5000)


def test_taken_port_is_named_with_the_remedy(taken_port: int) -> None:
    with pytest.raises(PortsError, match=rf"port {taken_port} \(for site\) is taken: .*PORT_BASE"):
        Ports(site=taken_port).check_free({"site"})


def test_port_of_a_part_left_out_may_be_taken(taken_port: int) -> None:
    base, claim = claim_free_span()
    with claim:
        ports = Ports(site=base, azurite_queue=taken_port)
        ports.check_free({"site"})
        with pytest.raises(PortsError, match="for azurite queue"):
            ports.check_free({"site", "azurite"})


def test_two_spans_never_overlap() -> None:
    first, first_claim = claim_free_span()
    second, second_claim = claim_free_span()
    with first_claim, second_claim:
        assert abs(first - second) >= 20
