"""The query language of Cosmos DB for NoSQL: text → syntax tree → compiled query → rows.

What is accepted gives exactly Azure's rows; everything else is refused with a QueryError that says what it is.
"""
