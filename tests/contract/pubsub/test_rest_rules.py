"""What the REST interface refuses, and with which code, as bare HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest

from tests.contract.pubsub.support import TIME_LIMIT_SECONDS, Answer, Clients, Rest, Target, a_token

JSON = {"Content-Type": "application/json"}


def refused(answer: Answer, target: str = "Request") -> bool:
    body = json.loads(answer.body)
    assert (answer.status, answer.code, body["code"]) == (400, "Error.BadRequest", "Error.BadRequest")
    return bool(body["target"] == target and body["message"])


async def test_health_needs_no_token(rest: Rest, target: Target) -> None:
    async with rest.session.head(f"{target.endpoint}/api/health") as answer:
        assert answer.status == 200


async def test_tokens_are_checked(rest: Rest, target: Target) -> None:
    path = f"{target.endpoint}/api/hubs/{rest.hub}/:send"
    key = target.access_key
    bad = [
        None,
        "not-a-token",
        a_token("another-key-that-is-long-enough-to-be-one", path),
        a_token(key, path.replace(":send", ":closeConnections")),
        a_token(key, None),
        a_token(key, path, expires_in=-400),
        a_token(key, path, expires_in=None),
    ]
    for token in bad:
        answer = await rest.call("POST", "/:send", token=token, body=b"{}", headers=JSON)
        assert (answer.status, answer.code, answer.body) == (401, None, b"")
    for token in (a_token(key, path), a_token(key, path.upper() + "?any=query"), a_token(key, path, expires_in=-200)):
        assert (await rest.call("POST", "/:send", token=token, body=b"{}", headers=JSON)).status == 202


async def test_versions(rest: Rest) -> None:
    for query in ("", "api-version=2021-10-01", "api-version=2024-12-01"):
        answer = await rest.call("POST", "/:send", query=query, body=b"{}", headers=JSON)
        assert answer.status == 202
        assert "2024-12-01" in answer.headers["api-supported-versions"]
    for query in ("api-version=2020-01-01", "api-version=2024-12-01&api-version=2024-12-01", "api-version="):
        assert refused(await rest.call("POST", "/:send", query=query, body=b"{}", headers=JSON), "api-version")


async def test_names_are_checked_before_the_token(rest: Rest) -> None:
    long = "g" * 1025
    for method, path in [
        ("PUT", f"/groups/{long}/connections/c"),
        ("HEAD", "/groups/%20"),
        ("DELETE", "/connections/%20%09"),
        ("PUT", "/users/%20/groups/g"),
    ]:
        assert (await rest.call(method, path, token=None)).status == 400
    assert (await rest.call("HEAD", f"/groups/{long[1:]}")).status == 404
    for hub in ("1hub", "with-hyphen", "h" * 129):
        assert refused(await Rest(rest.session, rest.target, hub).call("POST", "/:send", token=None))


async def test_ttl_is_checked(rest: Rest) -> None:
    for value, status in [("0", 202), ("300", 202), ("301", 400), ("-1", 400), ("x", 400), ("", 400)]:
        answer = await rest.call("POST", "/:send", query=f"messageTtlSeconds={value}", body=b"{}", headers=JSON)
        assert answer.status == status


async def chunks() -> AsyncIterator[bytes]:
    yield b"{}"


async def test_bodies_are_checked(rest: Rest) -> None:
    assert refused(await rest.call("POST", "/:send", body=chunks(), headers=JSON))
    assert refused(await rest.call("POST", "/:send", body=b"x" * (1024 * 1024 + 1)))
    assert refused(await rest.call("POST", "/:send", body=b'{"n":', headers=JSON))
    assert refused(await rest.call("POST", "/:send", body=b'{"n":NaN}', headers=JSON))
    assert refused(await rest.call("POST", "/:send", body=b"\xff", headers={"Content-Type": "text/plain"}))
    assert (await rest.call("POST", "/:send", body=b"x" * (1024 * 1024))).status == 202


async def test_content_types(rest: Rest, clients: Clients) -> None:
    for content_type in ("application/xml", "text", "text/plain; charset=klingon", "application/json; charset"):
        answer = await rest.call("POST", "/:send", body=b"{}", headers={"Content-Type": content_type})
        assert (answer.status, answer.code) == (415, None)
    client, _ = await clients.open()
    await rest.call("POST", "/:send", body=b"bytes")
    await rest.call(
        "POST", "/:send", body="caf\u00e9".encode("latin-1"), headers={"Content-Type": "Text/Plain; charset=latin1"}
    )
    await rest.call("POST", "/:send", body="caf\u00e9".encode(), headers={"Content-Type": "text/plain"})
    frames = await client.frames(3)
    assert [(frame["dataType"], frame["data"]) for frame in frames] == [
        ("binary", "Ynl0ZXM="),
        ("text", "caf\u00e9"),
        ("text", "caf\u00e9"),
    ]


async def test_json_is_passed_on_as_it_was_written(rest: Rest, clients: Clients) -> None:
    client, _ = await clients.open()
    text = '{ "n": 1.0, "n": 12345678901234567890123,\n "e": 1e999 }'
    await rest.call("POST", "/:send", body=text.encode(), headers=JSON)
    assert text in await client.socket.receive_str(timeout=TIME_LIMIT_SECONDS)


async def test_metadata_travels_with_the_message(rest: Rest, clients: Clients) -> None:
    client, _ = await clients.open()
    await rest.call("POST", "/:send", body=b"1", headers=JSON | {"X-WebPubSub-Metadata-Trace": " a, b "})
    assert (await client.frame())["metadata"] == {"trace": "b"}
    for key, value in [("k" * 257, "v"), ("k", "v" * 1025), ("k", "caf\u00e9")]:
        assert refused(
            await rest.call("POST", "/:send", body=b"1", headers=JSON | {f"X-WebPubSub-Metadata-{key}": value})
        )
    many = {f"X-WebPubSub-Metadata-{number}": "v" * 1000 for number in range(9)}
    assert refused(await rest.call("POST", "/:send", body=b"1", headers=JSON | many))
    assert await client.nothing_more()


async def test_escapes_in_paths_are_decoded_once(rest: Rest, clients: Clients) -> None:
    for encoded, group in [("a%20b+c", "a b+c"), ("a%252Fb", "a%2Fb"), ("%E4%B8%AD", "中")]:
        client, connected = await clients.open()
        assert (await rest.call("PUT", f"/groups/{encoded}/connections/{connected['connectionId']}")).status == 200
        await rest.call("POST", f"/groups/{encoded}/:send", body=b"1", headers=JSON)
        assert (await client.frame())["group"] == group


async def test_an_encoded_slash_stays_encoded(local_target: Target, rest: Rest, clients: Clients) -> None:
    slashed, _ = await clients.open(groups=["a/b"])
    encoded, _ = await clients.open(groups=["a%2Fb"])
    assert (await rest.call("POST", "/groups/a%2Fb/:send", body=b"1", headers=JSON)).status == 202
    assert (await encoded.frame())["group"] == "a%2Fb"
    assert await slashed.nothing_more()


async def test_hubs_are_one_whatever_their_case(rest: Rest, target: Target, clients: Clients) -> None:
    client, _ = await clients.open()
    await Rest(rest.session, target, rest.hub.upper()).call("POST", "/:send", body=b"1", headers=JSON)
    assert (await client.frame())["data"] == 1


async def test_permissions_need_a_name_and_a_group(rest: Rest, clients: Clients) -> None:
    _, connected = await clients.open()
    connection = connected["connectionId"]
    for name, query in [
        ("sendToGroup", ""),
        ("sendToGroup", "targetName=%20"),
        ("3", "targetName=g"),
        ("x", "targetName=g"),
    ]:
        assert refused(await rest.call("PUT", f"/permissions/{name}/connections/{connection}", query=query))
    for name in ("SENDTOGROUP", "1"):
        assert (
            await rest.call("PUT", f"/permissions/{name}/connections/{connection}", query="targetName=g*")
        ).status == 200
    for group, status in [("g*", 200), ("ga", 404)]:
        answer = await rest.call(
            "HEAD", f"/permissions/sendtogroup/connections/{connection}", query=f"targetName={group}"
        )
        assert answer.status == status
    assert answer.code == "Info.Connection.NotExisted"


async def test_a_connection_holds_a_thousand_permissions(local_target: Target, rest: Rest, clients: Clients) -> None:
    _, connected = await clients.open(roles=[f"webpubsub.sendToGroup.g{number}" for number in range(100)])
    path = f"/permissions/sendToGroup/connections/{connected['connectionId']}"
    for number in range(100, 1000):
        assert (await rest.call("PUT", path, query=f"targetName=g{number}")).status == 200
    answer = await rest.call("PUT", path, query="targetName=g1000")
    assert (answer.status, answer.code) == (409, "Error.Connection.Conflict")


async def test_groups_change_in_bulk(rest: Rest, clients: Clients) -> None:
    ann, _ = await clients.open("ann")
    bob, _ = await clients.open("bob")
    body = json.dumps({"groups": ["a", "b"], "filter": "startswith(userId,'a')"})
    assert (await rest.call("POST", "/:addToGroups", body=body, headers=JSON)).status == 200
    body = json.dumps({"groups": ["b"], "filter": None})
    assert (await rest.call("POST", "/:removeFromGroups", body=body, headers=JSON)).status == 200
    for group in "ab":
        await rest.call("POST", f"/groups/{group}/:send", body=b"1", headers=JSON)
    assert (await ann.frame())["group"] == "a"
    assert await ann.nothing_more()
    assert await bob.nothing_more()


async def test_bulk_changes_are_checked(rest: Rest) -> None:
    for body in ("[]", "{}", '{"groups":[]}', '{"groups":[""]}', '{"groups":["a"],"filter":"x"}', "{"):
        assert refused(await rest.call("POST", "/:addToGroups", body=body, headers=JSON))
    answer = await rest.call("POST", "/:addToGroups", body='{"groups":["a"]}', headers={"Content-Type": "text/plain"})
    assert answer.status == 415


async def test_lists_are_checked(rest: Rest, clients: Clients) -> None:
    for name, value in [
        ("maxpagesize", "0"),
        ("maxpagesize", "201"),
        ("top", "0"),
        ("top", ""),
        ("continuationToken", "x"),
    ]:
        assert refused(await rest.call("GET", "/groups/g/connections", query=f"{name}={value}"), name)
    for _ in range(2):
        await clients.open(groups=["g", "other"])
    page = json.loads((await rest.call("GET", "/groups/g/connections", query="maxpagesize=1")).body)
    query = page["nextLink"].partition("?")[2]
    assert len(json.loads((await rest.call("GET", "/groups/g/connections", query=query)).body)["value"]) == 1
    assert refused(await rest.call("GET", "/groups/other/connections", query=query), "continuationToken")


async def test_unknown_paths_and_methods(rest: Rest) -> None:
    assert (await rest.call("GET", "/:nonsense")).status == 404
    assert (await rest.call("GET", "/:send")).status == 405


async def test_an_access_key_makes_no_tokens(rest: Rest) -> None:
    assert (await rest.call("POST", "/:generateToken")).status == 401
    assert refused(await rest.call("POST", "/:generateToken", query="clientType=x"), "clientType")
    assert refused(await rest.call("POST", "/:generateToken", query="minutesToExpire=0"), "minutesToExpire")


@pytest.mark.parametrize(
    ("condition", "receivers"),
    [
        ("userId ne 'ann'", "bn"),
        ("userId eq null", "n"),
        ("userId in ('ann', 'O''Brien, J')", "ab"),
        ("'vip' in groups", "a"),
        ("not ('vip' in groups) and userId ne null", "b"),
        ("length(userId) gt 3 or endsWith(userId,'x')", None),
        ("length(userId) gt 3", "b"),
        ("length(userId) le 3", "a"),
        ("startswith(tolower(USERID),'o')", "b"),
        ("indexof(userId,'nn') eq -1", "bn"),
        ("indexof(userId,'nn') eq 1", "a"),
        ("substring(userId,1) eq 'nn'", "a"),
        ("substring(userId,0,9) eq null", "an"),
        ("concat(userId,'!') eq 'ann!'", "a"),
        ("trim(' x ') eq 'x'", "abn"),
        ("contains(userId,'Brien') or contains(userId,'ann')", "ab"),
        ("protocol eq 'json.webpubsub.azure.v1'", "abn"),
        ("userId gt 'a'", None),
        ("userId", None),
        ("userId eq 1", None),
        ("name eq 'ann'", None),
        ("groups eq 'vip'", None),
        ("userId eq 'ann' and 1", None),
        ("userId eq 'ann", None),
        ("groups/any(g: g eq 'vip')", None),
    ],
)
async def test_filters(rest: Rest, clients: Clients, condition: str, receivers: str | None) -> None:
    opened = {
        "a": (await clients.open("ann", groups=["vip"]))[0],
        "b": (await clients.open("O'Brien, J"))[0],
        "n": (await clients.open())[0],
    }
    answer = await rest.call("POST", "/:send", query=f"filter={quote(condition)}", body=b"1", headers=JSON)
    assert answer.status == (202 if receivers is not None else 400)
    reached = "".join([name for name, client in opened.items() if not await client.nothing_more()])
    assert reached == (receivers or "")
