"""`python -m bot`, and the `newsbot` command."""


def main() -> None:
    """Run the command line."""
    from bot.cli import newsbot  # noqa: PLC0415 - nothing is imported for an import of bot

    newsbot()


if __name__ == "__main__":
    main()
