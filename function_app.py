"""The function app: registers the blueprints, nothing else."""

import azure.durable_functions as df
import azure.functions as func

from functions.accounts import accounts
from functions.chat import chat
from functions.health import health
from functions.intents import intents
from functions.languages import languages
from functions.pipelines.intent_training import intent_training_pipeline
from functions.pipelines.message import pipeline
from functions.realtime import realtime
from functions.search import search
from functions.tickets import tickets

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)

for blueprint in (
    chat,
    tickets,
    search,
    accounts,
    realtime,
    languages,
    intents,
    health,
    pipeline,
    intent_training_pipeline,
):
    app.register_functions(blueprint)
