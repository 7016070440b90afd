"""Instances, histories and everything still to be done, in one SQLite file.

Whatever changes together is one transaction: a turn with all it asks for, an activity's result with the message it
sends. After a kill the file therefore holds exactly the turns that were committed and the work they left.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.database import open_database
from local.host.durable.events import Event, dump, now, wire_time
from local.host.durable.records import UNFINISHED, Activity, Instance, Message, Parent, Timer, Turn, trace_of
from local.host.errors import AppError
from local.host.traces import Trace

TABLES = """
CREATE TABLE IF NOT EXISTS hub (name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS instances (
    id TEXT PRIMARY KEY, execution TEXT NOT NULL, name TEXT NOT NULL, version TEXT, status TEXT NOT NULL,
    input TEXT, output TEXT, custom_status TEXT, created TEXT NOT NULL, updated TEXT NOT NULL,
    parent TEXT, parent_execution TEXT, parent_task INTEGER) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS instances_by_time ON instances (created);
CREATE TABLE IF NOT EXISTS history (
    instance TEXT NOT NULL, position INTEGER NOT NULL, event TEXT NOT NULL,
    PRIMARY KEY (instance, position)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT, instance TEXT NOT NULL, execution TEXT, event TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS inbox_by_instance ON inbox (instance, number);
CREATE TABLE IF NOT EXISTS activities (
    execution TEXT NOT NULL, task INTEGER NOT NULL, instance TEXT NOT NULL, name TEXT NOT NULL, input TEXT,
    PRIMARY KEY (execution, task)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS timers (
    execution TEXT NOT NULL, task INTEGER NOT NULL, instance TEXT NOT NULL, fire_at TEXT NOT NULL,
    PRIMARY KEY (execution, task)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entities (id TEXT PRIMARY KEY, state TEXT NOT NULL, updated TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS requests (
    number INTEGER PRIMARY KEY AUTOINCREMENT, entity TEXT NOT NULL, request TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS requests_by_entity ON requests (entity, number);
"""
# AUTOINCREMENT: a number is never used again, so that what was taken once cannot be taken for something newer.


class _Overtaken(Exception):
    """What is to be stored was made from messages that another run has taken and answered meanwhile."""


class Store:
    """The task hub on disk. Every method is one small transaction and may run on the event loop."""

    def __init__(self, path: Path, hub_name: str) -> None:
        self._db = open_database(path)
        self._db.executescript(TABLES)
        held = self._db.execute("SELECT name FROM hub").fetchone()
        if held is None:
            self._db.execute("INSERT INTO hub VALUES (?)", (hub_name,))
        elif held["name"] != hub_name:
            self._db.close()
            raise AppError(
                f"{path} holds the task hub '{held['name']}', host.json names '{hub_name}': use another --data folder"
            )

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; not nested."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # Instances

    def instance(self, instance_id: str) -> Instance | None:
        """One instance, or None."""
        row = self._db.execute("SELECT * FROM instances WHERE id = ?", (instance_id,)).fetchone()
        return _instance(row) if row else None

    def instances(self, where: str, values: Sequence[Any], limit: int) -> list[Instance]:
        """Instances that fulfil a condition over the columns of `instances`, by id."""
        rows = self._db.execute(f"SELECT * FROM instances WHERE {where} ORDER BY id LIMIT ?", (*values, limit))
        return [_instance(row) for row in rows]

    def newest(self, status: str, contains: str, limit: int) -> list[Instance]:
        """The instances created last, those of one status and with a text in id or name where these are given."""
        sql = (
            "SELECT * FROM instances WHERE (? = '' OR status = ?) AND (? = '' OR instr(id, ?) OR instr(name, ?)) "
            "ORDER BY created DESC LIMIT ?"
        )
        rows = self._db.execute(sql, (status, status, contains, contains, contains, limit))
        return [_instance(row) for row in rows]

    def count_by_status(self) -> dict[str, int]:
        """How many instances there are of each status."""
        return dict(self._db.execute("SELECT status, count(*) FROM instances GROUP BY status").fetchall())

    def create(self, instance: Instance, started: Event) -> None:
        """Store a new instance with the message that starts it, in the place of a finished one of that id."""
        with self.transaction():
            self._put_new(instance, started)

    def delete(self, instance_ids: Iterable[str]) -> None:
        """Forget instances with all they hold."""
        with self.transaction():
            for instance_id in instance_ids:
                self._erase(instance_id, activities=True)
                self._db.execute("DELETE FROM instances WHERE id = ?", (instance_id,))

    # Turns

    def history(self, instance_id: str) -> list[Event]:
        """The events of the current execution, in order."""
        rows = self._db.execute("SELECT event FROM history WHERE instance = ? ORDER BY position", (instance_id,))
        return [json.loads(row["event"]) for row in rows]

    def trace(self, instance_id: str) -> Trace | None:
        """The trace that the instance's present execution belongs to; None when nobody gave it one."""
        sql = "SELECT event FROM history WHERE instance = ? ORDER BY position"
        return trace_of(json.loads(row["event"]) for row in self._db.execute(sql, (instance_id,)))

    def inbox(self, instance_id: str) -> list[Message]:
        """What waits for the instance, in order."""
        rows = self._db.execute("SELECT * FROM inbox WHERE instance = ? ORDER BY number", (instance_id,))
        return [Message(row["instance"], row["execution"], json.loads(row["event"]), row["number"]) for row in rows]

    def commit(self, turn: Turn) -> bool:
        """Store a turn. False, and nothing stored, when the instance was replaced or deleted meanwhile, or when
        another run of the same turn was stored first.
        """
        instance = turn.instance
        try:
            with self.transaction():
                row = self._db.execute("SELECT execution FROM instances WHERE id = ?", (instance.id,)).fetchone()
                if row is None or row["execution"] != instance.execution:
                    raise _Overtaken
                self._take("inbox", turn.taken)
                if turn.next_execution:
                    self._begin_anew(turn, turn.next_execution)
                else:
                    self._continue(turn)
        except _Overtaken:
            return False
        return True

    def rewrite(self, changed: Iterable[tuple[Instance, list[Event], Message]]) -> None:
        """Replace the histories of instances, as rewinding does, and send each its message."""
        with self.transaction():
            for instance, history, message in changed:
                self._erase(instance.id, activities=False)
                self._append(instance.id, 0, history)
                self._put_messages([message])
                self._update(instance, instance.execution)

    def send(self, message: Message) -> None:
        """Put a message into the inbox of its instance."""
        with self.transaction():
            self._put_messages([message])

    # Work

    def complete(self, activity: Activity, result: Event) -> bool:
        """Replace an activity by the message with its result. False when nobody waits for it any more."""
        with self.transaction():
            key = (activity.execution, activity.task)
            if not self._db.execute("DELETE FROM activities WHERE execution = ? AND task = ?", key).rowcount:
                return False
            return self._deliver(Message(activity.instance, activity.execution, result))

    def still_wanted(self, activity: Activity) -> bool:
        """Whether the activity is still to be run."""
        sql = "SELECT 1 FROM activities WHERE execution = ? AND task = ?"
        return self._db.execute(sql, (activity.execution, activity.task)).fetchone() is not None

    def fire(self, due: list[tuple[Timer, Event]]) -> list[str]:
        """Replace timers by their messages, and give the instances that got one."""
        reached = []
        with self.transaction():
            for timer, fired in due:
                key = (timer.execution, timer.task)
                found = self._db.execute("DELETE FROM timers WHERE execution = ? AND task = ?", key).rowcount
                if found and self._deliver(Message(timer.instance, timer.execution, fired)):
                    reached.append(timer.instance)
        return reached

    def pending(self) -> tuple[list[Activity], list[Timer], list[str], list[str]]:
        """All that waits: activities, timers, ids of instances with messages, ids of entities with requests."""
        activities = [
            Activity(row["instance"], row["execution"], row["task"], row["name"], row["input"])
            for row in self._db.execute("SELECT * FROM activities")
        ]
        timers = [
            Timer(row["fire_at"], row["execution"], row["task"], row["instance"])
            for row in self._db.execute("SELECT * FROM timers")
        ]
        instances = [row[0] for row in self._db.execute("SELECT instance FROM inbox GROUP BY 1 ORDER BY min(number)")]
        entities = [row[0] for row in self._db.execute("SELECT entity FROM requests GROUP BY 1 ORDER BY min(number)")]
        return activities, timers, instances, entities

    # Entities

    def entity_state(self, entity_id: str) -> str | None:
        """The state's JSON text; None when the entity does not exist."""
        row = self._db.execute("SELECT state FROM entities WHERE id = ?", (entity_id,)).fetchone()
        return str(row["state"]) if row else None

    def entities(self, where: str, values: Sequence[Any], limit: int) -> list[tuple[str, str, str]]:
        """Id, state and time of the last change of the entities that fulfil a condition, by id."""
        sql = f"SELECT id, state, updated FROM entities WHERE {where} ORDER BY id LIMIT ?"
        return [(row["id"], row["state"], row["updated"]) for row in self._db.execute(sql, (*values, limit))]

    def ask_entity(self, entity_id: str, request: str) -> None:
        """Queue an operation."""
        self._db.execute("INSERT INTO requests (entity, request) VALUES (?, ?)", (entity_id, request))

    def requests(self, entity_id: str, limit: int) -> list[tuple[int, dict[str, Any]]]:
        """The operations that wait for an entity, in order, each with its number."""
        sql = "SELECT number, request FROM requests WHERE entity = ? ORDER BY number LIMIT ?"
        return [(row["number"], json.loads(row["request"])) for row in self._db.execute(sql, (entity_id, limit))]

    def commit_batch(
        self,
        entity_id: str,
        state: str | None,
        taken: list[int],
        replies: list[Message],
        signals: list[tuple[str, str]],
    ) -> list[str]:
        """Store what a batch of operations left: state (None deletes it), replies, signals to other entities.

        Gives the instances that got a reply; none, and nothing is stored, when another run of the same batch was
        stored first.
        """
        try:
            with self.transaction():
                self._take("requests", taken)
                if state is None:
                    self._db.execute("DELETE FROM entities WHERE id = ?", (entity_id,))
                else:
                    row = (entity_id, state, wire_time(now()))
                    self._db.execute("INSERT OR REPLACE INTO entities VALUES (?, ?, ?)", row)
                self._db.executemany("INSERT INTO requests (entity, request) VALUES (?, ?)", signals)
                return [reply.instance for reply in replies if self._deliver(reply)]
        except _Overtaken:
            return []

    # Parts of transactions

    def _take(self, table: str, numbers: list[int]) -> None:
        """Remove messages. Raises _Overtaken when one of them is not there any more."""
        removed = self._db.executemany(f"DELETE FROM {table} WHERE number = ?", [(number,) for number in numbers])
        if numbers and removed.rowcount != len(numbers):
            raise _Overtaken

    def _put_new(self, instance: Instance, started: Event) -> None:
        self._erase(instance.id, activities=False)
        self._db.execute("DELETE FROM instances WHERE id = ?", (instance.id,))
        parent = instance.parent
        self._db.execute(
            "INSERT INTO instances VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(instance.id, instance.execution, instance.name, instance.version, instance.status),
                *(instance.input, instance.output, instance.custom_status, instance.created, instance.updated),
                *((parent.instance, parent.execution, parent.task) if parent else (None, None, None)),
            ),
        )
        self._put_messages([Message(instance.id, instance.execution, started)])

    def _update(self, instance: Instance, execution: str) -> None:
        self._db.execute(
            "UPDATE instances SET execution = ?, status = ?, input = ?, output = ?, custom_status = ?, updated = ? "
            "WHERE id = ? AND execution = ?",
            (
                *(instance.execution, instance.status, instance.input, instance.output, instance.custom_status),
                *(wire_time(now()), instance.id, execution),
            ),
        )

    def _append(self, instance_id: str, first_position: int, events: list[Event]) -> None:
        rows = [(instance_id, first_position + offset, dump(happened)) for offset, happened in enumerate(events)]
        self._db.executemany("INSERT INTO history VALUES (?, ?, ?)", rows)

    def _put_work(self, turn: Turn) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO activities VALUES (?, ?, ?, ?, ?)",
            [(work.execution, work.task, work.instance, work.name, work.input) for work in turn.activities],
        )
        self._db.executemany(
            "INSERT OR REPLACE INTO timers VALUES (?, ?, ?, ?)",
            [(timer.execution, timer.task, timer.instance, timer.fire_at) for timer in turn.timers],
        )
        self._db.executemany(
            "DELETE FROM timers WHERE execution = ? AND task = ?",
            [(turn.instance.execution, task) for task in turn.cancelled_timers],
        )
        self._db.executemany("INSERT INTO requests (entity, request) VALUES (?, ?)", turn.requests)
        for child, started in turn.children:
            self._put_new(child, started)
        for message in turn.messages:
            self._deliver(message)

    def _put_messages(self, messages: list[Message]) -> None:
        self._db.executemany(
            "INSERT INTO inbox (instance, execution, event) VALUES (?, ?, ?)",
            [(message.instance, message.execution, dump(message.event)) for message in messages],
        )

    def _deliver(self, message: Message) -> bool:
        """Put a message into an inbox unless that execution is over."""
        row = self._db.execute("SELECT execution, status FROM instances WHERE id = ?", (message.instance,)).fetchone()
        if row is None or row["status"] not in UNFINISHED:
            return False
        if message.execution is not None and row["execution"] != message.execution:
            return False
        self._put_messages([message])
        return True

    def _continue(self, turn: Turn) -> None:
        instance = turn.instance
        self._append(instance.id, turn.first_position, turn.events)
        self._db.executemany(
            "UPDATE history SET event = ? WHERE instance = ? AND position = ?",
            [(dump(happened), instance.id, position) for position, happened in turn.changed.items()],
        )
        if instance.finished:
            self._leave_nothing_waiting(turn)
        self._put_work(turn)
        self._update(instance, instance.execution)

    def _begin_anew(self, turn: Turn, execution: str) -> None:
        instance = turn.instance
        for_any_execution = [message for message in self.inbox(instance.id) if message.execution is None]
        self._erase(instance.id, activities=False)
        self._put_work(turn)
        self._put_messages(turn.kept + for_any_execution)
        old, instance.execution = instance.execution, execution
        self._update(instance, old)

    def _leave_nothing_waiting(self, turn: Turn) -> None:
        """A finished instance gets no messages and no timers; activities that are under way run to their end."""
        instance = turn.instance
        self._db.execute("DELETE FROM inbox WHERE instance = ?", (instance.id,))
        self._db.execute("DELETE FROM timers WHERE execution = ?", (instance.execution,))
        if turn.drop_activities:
            self._db.execute("DELETE FROM activities WHERE execution = ?", (instance.execution,))

    def _erase(self, instance_id: str, *, activities: bool) -> None:
        self._db.execute("DELETE FROM history WHERE instance = ?", (instance_id,))
        self._db.execute("DELETE FROM inbox WHERE instance = ?", (instance_id,))
        row = self._db.execute("SELECT execution FROM instances WHERE id = ?", (instance_id,)).fetchone()
        if row is not None:
            self._db.execute("DELETE FROM timers WHERE execution = ?", (row["execution"],))
            if activities:
                self._db.execute("DELETE FROM activities WHERE execution = ?", (row["execution"],))


def _instance(row: sqlite3.Row) -> Instance:
    values = dict(row)
    parent, execution, task = values.pop("parent"), values.pop("parent_execution"), values.pop("parent_task")
    return Instance(**values, parent=Parent(parent, execution, task) if parent is not None else None)
