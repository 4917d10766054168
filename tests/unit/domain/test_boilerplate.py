import pytest

from bot.domain.boilerplate import is_boilerplate, without_boilerplate

SAID = "The protocol was signed in Geneva."


@pytest.mark.parametrize(
    "text",
    [
        f"{SAID} The post Will it hold? Experts doubt it. appeared first on Example Wire.",
        f"{SAID} The post Protocol signed first appeared on Example.",
        f"{SAID} Der Beitrag Protokoll unterzeichnet erschien zuerst auf Beispiel.",
        f"{SAID} L’article Protocole signé est apparu en premier sur Exemple.",
        f"{SAID} La entrada Protocolo firmado se publicó primero en Ejemplo.",
        f"{SAID} L'articolo Protocollo firmato proviene da Esempio.",
        f"{SAID} O post Protocolo assinado apareceu primeiro em Exemplo.",
        f"{SAID} Read more",
        f"{SAID} Read more »",
        f"{SAID} [Read the full story]",
        f"{SAID} Continue reading…",
        f"{SAID} Continue reading Protocol signed",
        f"{SAID} Click here for the video",
        f"{SAID} Weiterlesen",
        f"{SAID} Lire la suite...",
        f"{SAID} Seguir leyendo",
        f"{SAID} Leia mais no Exemplo !",
        f"{SAID} 阅读全文",
        f"{SAID} submitted by /u/desk to r/news [link] [12 comments]",
        f"LONDON (Reuters) - {SAID}",
        f"WASHINGTON, Nov. 23 (AP) — {SAID}",
        f"By Jane Doe | {SAID}",
        f"By Jane van der Doe and John Roe — {SAID}",
        f"{SAID} https://example.com/a/very/long/address/that/nobody/wants/to/read",
    ],
)
def test_only_what_was_said_remains(text: str) -> None:
    assert without_boilerplate(text) == SAID


@pytest.mark.parametrize(
    "text",
    [
        SAID,
        "Ministers read more than 50 drafts.",
        "By Monday the ministers had agreed.",
        "By London standards - and others - it was quick.",
        "The agency (Reuters) - as it is known - reported it.",
        "Officials urged people to read on.",
        "The post office closed. It appeared on the list.",
    ],
)
def test_what_only_looks_like_boilerplate_stays(text: str) -> None:
    assert without_boilerplate(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Comments",
        "Article URL: https://example.com/a Points: 5 # Comments: 2",
        "By Jane Doe",
        "Von Erika Mustermann",
        "",
    ],
)
def test_text_of_boilerplate_alone_leaves_nothing_to_say(text: str) -> None:
    left = without_boilerplate(text)
    assert not left or is_boilerplate(left)


@pytest.mark.parametrize(
    "sentence",
    [
        "Sign up for our newsletter.",
        "Subscribe to our podcast today!",
        "This article was originally published by Example Wire.",
        "Listen to this article.",
        "Follow us on social media.",
        "Share this story.",
        "Newsletter jetzt abonnieren!",
        "Dieser Artikel erschien zuerst im Beispiel.",
        "Abonnez-vous dès maintenant.",
        "Suscríbete gratis.",
        "© 2026 Example Wire.",
        "Photo: Jane Doe",
        "https://example.com/story",
        "► Advertisement",
    ],
)
def test_sentences_that_only_invite_or_credit_are_recognised(sentence: str) -> None:
    assert is_boilerplate(sentence.removeprefix("► "))


@pytest.mark.parametrize(
    "sentence",
    [
        "The article was first on the agenda of the summit.",
        "Signs of life were found.",
        "Commentators disagreed.",
        "Photographers were kept outside.",
        "Shares of Example rose.",
        "Subscribe " + "x" * 200 + " newsletter",
    ],
)
def test_sentences_that_say_something_are_kept(sentence: str) -> None:
    assert not is_boilerplate(sentence)
