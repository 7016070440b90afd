"""Accounts: each one its own partition, found by its id."""

from __future__ import annotations

import unicodedata

from shared.models.account import Account
from shared.store.database import Database, create_or_read, query, read_item


def searchable(name: str) -> str:
    """A name as it is searched: lower case, without accents, single spaces."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(plain.split())


class AccountStore:
    """Reads and writes of the `accounts` container."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._container = database.accounts

    async def get(self, account_id: str) -> Account | None:
        """One account by point read."""
        item = await read_item(self._database, self._container, account_id, account_id)
        return None if item is None else Account.model_validate(item)

    async def create(self, account: Account) -> Account:
        """Stores a new account; a repeated call gives the one stored first."""
        return Account.model_validate(await create_or_read(self._database, self._container, account.item(), account.id))

    async def customers_named(self, name: str, limit: int = 20) -> list[Account]:
        """Customers whose name holds the text, whatever its case and accents. Goes across partitions."""
        rows = await query(
            self._database,
            self._container,
            "SELECT * FROM c WHERE c.role = 'customer' AND CONTAINS(c.search_name, @name)"
            " ORDER BY c.search_name OFFSET 0 LIMIT @limit",
            {"@name": searchable(name), "@limit": limit},
        )
        return [Account.model_validate(row) for row in rows]
