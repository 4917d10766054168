"""Asked: the query in a command's arguments."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import click

from bot.cli import context
from bot.errors import QueryError
from bot.query.lookalikes import lookalikes
from bot.query.suggest import nearest
from bot.query.syntax import parse
from bot.query.tree import Node

_PHRASE: Final = re.compile(r"[\w'’.,&-]+(?:\s+[\w'’.,&-]+)+")
_OPTION: Final = re.compile(r"--[a-z][a-z-]*")
_OPERATORS: Final = re.compile(r"\b(?:AND|OR|NOT|NEAR)\b|(?:^|\s)-")


def query_of(arguments: Sequence[str], topics: Mapping[str, Node]) -> Node:
    """What the arguments ask for, in the query language; ends the command where that cannot be.

    Args:
        arguments: At least one, as for `written`.
        topics: Those `topic:` may name.
    """
    return parsed(written(arguments), topics)


def written(arguments: Sequence[str]) -> str:
    """The query that the arguments are.

    One alone is it, as it stands; of several, one that the shell had quotes around is a phrase.

    Raises:
        click.NoSuchOption: One of them is a mistyped option, which click lets pass as a word.
    """
    for argument in arguments:
        if option := _OPTION.match(argument):
            raise _no_such(option[0])
    return " ".join(arguments if len(arguments) == 1 else map(_as_query, arguments))


def parsed(text: str, topics: Mapping[str, Node]) -> Node:
    """A query's tree; ends the command where it cannot be read.

    A topic's bare name is a word like others; how to write the topic is told beside the results.
    """
    if text in topics:
        click.echo(f"“{text}” is taken as a query; for the topic write topic:{text}", err=True)
    try:
        query = parse(text, topics=topics)
    except QueryError as error:
        context.fail(f"{error.caret()}\nnewsbot: {error}", context.EXIT_CONFIGURATION)
    if said := lookalikes(query):
        click.echo(said, err=True)
    return query


def _as_query(argument: str) -> str:
    is_phrase = _PHRASE.fullmatch(argument) and not _OPERATORS.search(argument)
    return f'"{argument}"' if is_phrase else argument


def _no_such(option: str) -> click.NoSuchOption:
    running = click.get_current_context()
    known = [name for parameter in running.command.params for name in parameter.opts]
    near = nearest(option, known)
    return click.NoSuchOption(option, possibilities=[near] if near else None, ctx=running)
