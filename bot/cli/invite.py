"""Invite: how Discord lets newsbot in."""

import click

from bot.cli import context


@click.command()
@context.plain_command
def invite() -> None:
    """Print the link that adds newsbot to a Discord server; DISCORD_TOKEN is all it needs."""
    from bot.chat.discord.invite import application_id, invite_url  # noqa: PLC0415 - only here

    token = context.settings().discord_token
    if token is None:
        what = "DISCORD_TOKEN is not set: put it into the environment or .env"
        context.fail(f"{what}; docs/discord.md says how to get it.", context.EXIT_CONFIGURATION)
    click.echo(invite_url(application_id(token.get_secret_value())))
