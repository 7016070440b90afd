# An app as its own authors write it: without type checks.
# mypy: ignore-errors

import datetime
import json
import logging

import azure.durable_functions as df
import azure.functions as func
from patterns import bp

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
app.register_functions(bp)

cleanups = 0


@app.route(route="hello", auth_level=func.AuthLevel.ANONYMOUS)
def hello(req: func.HttpRequest) -> func.HttpResponse:
    logging.info("Python HTTP trigger function processed a request.")
    name = req.params.get("name")
    if not name:
        try:
            req_body = req.get_json()
        except ValueError:
            pass
        else:
            name = req_body.get("name")
    if name:
        return func.HttpResponse(f"Hello, {name}.")
    return func.HttpResponse("Pass a name in the query string or in the request body.", status_code=400)


@app.timer_trigger(schedule="%CLEANUP_SCHEDULE%", arg_name="timer", run_on_startup=True, use_monitor=False)
def cleanup(timer: func.TimerRequest) -> None:
    global cleanups
    if timer.past_due:
        logging.info("The timer is past due!")
    cleanups += 1
    logging.info("Python timer trigger function ran at %s", datetime.datetime.now(datetime.UTC).isoformat())


@app.route(route="cleanups")
def count_cleanups(req: func.HttpRequest) -> str:
    return str(cleanups)


@app.route(route="orders", methods=["POST"])
@app.queue_output(arg_name="order", queue_name="%ORDERS_QUEUE%", connection="AzureWebJobsStorage")
def place_order(req: func.HttpRequest, order: func.Out[str]) -> func.HttpResponse:
    order.set(json.dumps(req.get_json()))
    return func.HttpResponse("Order accepted.", status_code=202)


@app.queue_trigger(arg_name="msg", queue_name="%ORDERS_QUEUE%", connection="AzureWebJobsStorage")
@app.blob_output(arg_name="receipt", path="quickstart-receipts/{customer}/{id}.json", connection="AzureWebJobsStorage")
def process_order(msg: func.QueueMessage, receipt: func.Out[str]) -> None:
    order = msg.get_json()
    logging.info("Order %s taken from the queue, attempt %d", order["id"], msg.dequeue_count)
    if order.get("quantity", 0) < 1:
        raise ValueError("the quantity must be at least 1")
    receipt.set(json.dumps({"id": order["id"], "total": order["quantity"] * 5}))


@app.route(route="receipts/{customer}/{id}")
@app.blob_input(arg_name="receipt", path="quickstart-receipts/{customer}/{id}.json", connection="AzureWebJobsStorage")
def get_receipt(req: func.HttpRequest, receipt: func.InputStream) -> func.HttpResponse:
    if receipt is None:
        return func.HttpResponse("No such receipt.", status_code=404)
    return func.HttpResponse(receipt.read(), mimetype="application/json")


@app.blob_trigger(arg_name="myblob", path="quickstart-uploads/{name}", connection="AzureWebJobsStorage")
@app.queue_output(arg_name="$return", queue_name="quickstart-uploaded", connection="AzureWebJobsStorage")
def uploaded(myblob: func.InputStream) -> str:
    logging.info("Python blob trigger function processed blob %s, %s bytes", myblob.name, myblob.length)
    return f"{myblob.name}: {myblob.length} bytes"


@app.blob_trigger(
    arg_name="picture",
    path="quickstart-pictures/{name}.{ext}",
    connection="AzureWebJobsStorage",
    source=func.BlobSource.EVENT_GRID,
)
@app.blob_output(
    arg_name="thumbnail", path="quickstart-thumbnails/{name}-small.{ext}", connection="AzureWebJobsStorage"
)
async def make_thumbnail(picture: func.InputStream, thumbnail: func.Out[bytes]) -> None:
    thumbnail.set(picture.read()[:4])
