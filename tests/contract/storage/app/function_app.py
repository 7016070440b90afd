"""Functions that tell what they got, in the queue `told`, and fail or wait when asked to."""

import asyncio
import json
import os
from pathlib import Path

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
STORAGE = "Contract"
EFFECTS = Path(os.environ["EFFECTS_FOLDER"])


def note(file: str, text: str) -> None:
    with (EFFECTS / file).open("a") as lines:
        lines.write(text + "\n")


async def pass_gate() -> None:
    """Wait for a file with the name `open`, when there is one with the name `gate`."""
    while (EFFECTS / "gate").exists() and not (EFFECTS / "open").exists():  # noqa: ASYNC110 - another process makes it
        await asyncio.sleep(0.02)


@app.queue_trigger(arg_name="message", queue_name="plain-%RUN%", connection=STORAGE)
async def plain(message: func.QueueMessage) -> None:
    text = message.get_body().decode()
    note("plain.begun", text)
    await pass_gate()
    if text.startswith("fail"):
        raise ValueError("as told")
    assert message.insertion_time is not None
    facts = [message.id, message.dequeue_count, message.pop_receipt, message.insertion_time, message.expiration_time]
    note("plain", json.dumps([text, message.dequeue_count, all(facts), message.insertion_time.year > 2000]))


@app.queue_trigger(arg_name="text", queue_name="traced-%RUN%", connection=STORAGE)
async def traced(text: str, context: func.Context) -> None:
    note("traced", context.trace_context.trace_parent)


@app.queue_trigger(arg_name="text", queue_name="texts-%RUN%", connection=STORAGE)
@app.queue_output(arg_name="$return", queue_name="returned-%RUN%", connection=STORAGE)
def returns(text: str) -> str:
    return text.upper()


@app.queue_trigger(arg_name="message", queue_name="orders-%RUN%", connection=STORAGE)
@app.blob_input(arg_name="present", path="source-%RUN%/{file}", connection=STORAGE)
@app.blob_input(arg_name="stream", path="source-%RUN%/{file}", connection=STORAGE)
@app.blob_input(arg_name="missing", path="source-%RUN%/{file}.not-there", connection=STORAGE)
@app.blob_output(arg_name="copy", path="copies-%RUN%/{customer.name}/{file}", connection=STORAGE)
@app.queue_output(arg_name="many", queue_name="{target}", connection=STORAGE)
@app.queue_output(arg_name="single", queue_name="single-%RUN%", connection=STORAGE)
@app.queue_output(arg_name="never", queue_name="never-%RUN%", connection=STORAGE)
def orders(
    message: func.QueueMessage,
    present: str,
    stream: func.InputStream,
    missing: func.InputStream,
    copy: func.Out[bytes],
    many: func.Out[list[str]],
    single: func.Out[func.QueueMessage],
    never: func.Out[str],
) -> None:
    content = message.get_json()
    copy.set(stream.read() + (b" and nothing" if missing is None else b" and something"))
    many.set(["one", "two", present])
    single.set(func.QueueMessage(body=json.dumps({"file": content["file"]})))
    if content.get("fail"):
        raise ValueError("as told")


@app.route(route="letters/{name}", methods=["POST"])
@app.blob_output(arg_name="letter", path="letters-%RUN%/{name}/{datetime:yyyy}/{rand-guid}.txt", connection=STORAGE)
@app.queue_output(arg_name="posted", queue_name="posted-%RUN%", connection=STORAGE)
def post_letter(req: func.HttpRequest, letter: func.Out[str], posted: func.Out[bytes]) -> func.HttpResponse:
    letter.set(req.get_body().decode())
    posted.set(req.route_params["name"].encode())
    return func.HttpResponse(status_code=201)


@app.blob_trigger(arg_name="blob", path="in-%RUN%/reports/{name}.{ext}", connection=STORAGE)
@app.blob_output(arg_name="done", path="done-%RUN%/{name}-{ext}.json", connection=STORAGE)
async def reports(blob: func.InputStream, done: func.Out[str]) -> None:
    note("reports.begun", str(blob.name))
    await pass_gate()
    content = blob.read().decode()
    if content.startswith("fail"):
        raise ValueError("as told")
    note("reports", str(blob.name))
    properties = blob.blob_properties  # type: ignore[attr-defined]
    done.set(
        json.dumps(
            {
                "name": blob.name,
                "uri": blob.uri,
                "length": blob.length,
                "content": content,
                "metadata": blob.metadata,  # type: ignore[attr-defined]
                "type": properties["ContentType"],
            }
        )
    )


@app.blob_trigger(arg_name="blob", path="events-%RUN%/{name}", connection=STORAGE, source=func.BlobSource.EVENT_GRID)
def events(blob: bytes) -> None:
    note("events", blob.decode())


@app.queue_trigger(arg_name="gone", queue_name="webjobs-blobtrigger-poison", connection=STORAGE)
def poisoned(gone: func.QueueMessage) -> None:
    note("poisoned", gone.get_body().decode())
