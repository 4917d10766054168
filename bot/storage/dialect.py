"""Dialect: the few statements that SQLite and PostgreSQL spell with different constructs."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Column, ColumnElement, Table, any_, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

PARAMETERS = 500
"""Values in one IN (…); SQLite's own limit was 999 for long."""

T = TypeVar("T")


def insert(connection: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def is_among(
    connection: AsyncConnection, column: Column[Any], numbers: Sequence[int]
) -> ColumnElement[bool]:
    """Whether a column is one of these numbers.

    As one value, however many they are: the statement is compiled and planned once, while IN (…)
    is another one for each length.
    """
    if connection.dialect.name == "postgresql":
        every = literal(list(numbers), postgresql.ARRAY(BigInteger))
        return column == any_(every)
    values = func.json_each(json.dumps(list(numbers))).table_valued("value")
    return column.in_(select(values.c.value))


def batches(values: Sequence[T], size: int = PARAMETERS) -> Iterator[Sequence[T]]:
    """The values in runs of at most `size`."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
