import pytest

from bot.domain.entry import Entry
from bot.domain.summary import MOST_LENGTH, USUAL_LENGTH, first_sentence, summarise

TITLE = "US and China sign AI safety protocol"
ONE = "Washington and Beijing signed an agreement on testing AI systems."
TWO = "Inspectors of both sides will visit laboratories from March."
THREE = "Neither government published the annexes."
FOUR = "Talks had lasted two years."


def _summary(summary: str, body: str = "", *, title: str = TITLE, language: str = "en") -> str:
    entry = Entry(title=title, summary=summary, body=body, language=language)
    return summarise(entry, feed_name="Example Wire")


def test_the_publisher_s_own_summary_is_taken() -> None:
    assert _summary(f"{ONE} {TWO}", body=f"{THREE} {FOUR}") == f"{ONE} {TWO}"


@pytest.mark.parametrize(
    "empty",
    [
        "",
        "...",
        "Comments",
        "Read more",
        TITLE,
        f"{TITLE}.",
        f"{TITLE} Example Wire",
        "US and China sign AI…",
        "By Jane Doe",
        "Article URL: https://example.com/a Comments URL: https://example.com/b Points: 5",
    ],
)
def test_a_summary_that_says_nothing_gives_way_to_the_lead(empty: str) -> None:
    assert _summary(empty, body=f"{ONE} {TWO}") == f"{ONE} {TWO}"
    assert not _summary(empty)


def test_three_sentences_are_enough() -> None:
    assert _summary(f"{ONE} {TWO} {THREE} {FOUR}") == f"{ONE} {TWO} {THREE}"


def test_a_further_sentence_is_left_out_where_it_would_be_too_long() -> None:
    long = f"The second sentence, {'with much detail, ' * 20}goes on."
    assert len(f"{ONE} {long}") > USUAL_LENGTH
    assert _summary(f"{ONE} {long} {THREE}") == ONE


def test_a_long_first_sentence_is_kept_and_a_very_long_one_cut_at_a_clause() -> None:
    long = f"The first sentence, {'with much detail, ' * 25}goes on."
    assert USUAL_LENGTH < len(long) < MOST_LENGTH
    assert _summary(f"{long} {TWO}") == long
    longer = f"The first sentence, {'with much detail, ' * 50}goes on."
    cut = _summary(longer)
    assert len(cut) <= MOST_LENGTH
    assert cut.endswith("with much detail…")


def test_a_very_long_sentence_without_clauses_is_cut_at_a_word_or_anywhere() -> None:
    assert _summary("words " * 200).endswith("words…")
    assert len(_summary("北" * 700)) == MOST_LENGTH


@pytest.mark.parametrize(
    ("cut_off", "shown"),
    [
        (f"{ONE} {TWO} Neither government has [...]", f"{ONE} {TWO}"),
        (f"{ONE} {TWO} Neither government has […]", f"{ONE} {TWO}"),
        (f"{ONE} {TWO} Neither government has", f"{ONE} {TWO}"),
        (f"{ONE} Neither government has ...", f"{ONE} Neither government has…"),
        ("Neither government has, […]", "Neither government has…"),
        ("Neither government spoke of the", "Neither government spoke of the…"),
        (f"{ONE} {TWO} […]", f"{ONE} {TWO}"),
        (f"{ONE}...", ONE),
        ("Leaders met in Geneva on Monday", "Leaders met in Geneva on Monday"),
    ],
)
def test_an_unfinished_sentence_is_left_out_where_enough_remain(cut_off: str, shown: str) -> None:
    assert _summary(cut_off) == shown


def test_a_summary_that_breaks_off_gives_way_to_the_body_it_was_taken_from() -> None:
    start = " ".join(ONE.split()[:7])
    assert _summary(f"{start} […]", body=f"{ONE} {TWO}") == f"{ONE} {TWO}"
    assert _summary(f"{start} […]", body=f"{THREE} {FOUR}") == f"{start}…"
    assert _summary(f"{start} […]") == f"{start}…"


@pytest.mark.parametrize("seam", [": ", ". ", " – ", " | "])
def test_the_headline_s_repetition_is_left_out(seam: str) -> None:
    assert _summary(f"{TITLE}{seam}{ONE}") == ONE


def test_a_sentence_that_begins_like_the_headline_stays_whole() -> None:
    sentence = f"{TITLE} on Monday, ending a long dispute."
    assert _summary(sentence) == sentence
    parenthetic = f"{TITLE} – after a long dispute over testing."
    assert _summary(parenthetic) == parenthetic


def test_boilerplate_between_sentences_is_left_out() -> None:
    assert _summary(f"{ONE} Sign up for our newsletter. {TWO}") == f"{ONE} {TWO}"


def test_the_lead_skips_bylines_and_headings() -> None:
    body = f"By Jane Doe\nGeneva\n{ONE}\nWhat is in it\n{TWO}\n{THREE}\n{FOUR}"
    assert _summary("", body=body) == f"{ONE} {TWO} {THREE}"


def test_sentences_in_scripts_without_spaces_are_not_spaced() -> None:
    text = "中美签署人工智能安全协议。双方将互派检查人员。谈判持续了两年。附件没有公布。"
    assert _summary(text, title="中美签署协议", language="zh") == "".join(
        text.partition("。附件")[0] + "。"
    )


def test_the_outlet_in_the_title_is_no_news_in_the_summary() -> None:
    assert not _summary(TITLE, title=f"{TITLE} - Example Wire")


def test_a_first_sentence_is_found_behind_boilerplate() -> None:
    assert first_sentence(f"LONDON (Reuters) - {ONE} {TWO}", language="en") == ONE
    assert not first_sentence("Read more", language=None)
