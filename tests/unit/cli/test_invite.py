"""`newsbot invite`."""

from tests.unit.cli.conftest import Type


def test_the_token_is_all_it_needs(type_: Type) -> None:
    result = type_("invite", DISCORD_TOKEN="MjAy.made-up.token")
    assert result.exit_code == 0
    assert result.stdout.startswith("https://discord.com/oauth2/authorize?client_id=202&")


def test_without_a_token_it_says_how_to_get_one(type_: Type) -> None:
    result = type_("invite")
    assert result.exit_code == 2
    assert "DISCORD_TOKEN is not set" in result.stderr
    assert "docs/discord.md" in result.stderr


def test_a_token_without_an_id_is_refused_without_being_shown(type_: Type) -> None:
    result = type_("invite", DISCORD_TOKEN="c4nary!.made-up.token")
    assert result.exit_code == 2
    assert "c4nary" not in result.output
