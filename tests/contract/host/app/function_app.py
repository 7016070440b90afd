"""A small app that uses what the host offers, in the style of the quickstarts."""

import azure.functions as func
from catalogue import catalogue  # type: ignore[import-not-found]
from clockwork import clockwork  # type: ignore[import-not-found]

app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)
app.register_functions(catalogue)
app.register_functions(clockwork)
