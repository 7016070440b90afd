"""The front end as Azure Static Web Apps serves it, with /api forwarded to the functions host."""
