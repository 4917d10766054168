import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.canonical import canonical_url, is_homepage

STORY = "https://example.com/2026/11/23/protocol-signed"


@pytest.mark.parametrize(
    "other",
    [
        "http://example.com/2026/11/23/protocol-signed",
        "HTTPS://Example.COM/2026/11/23/protocol-signed",
        "https://www.example.com/2026/11/23/protocol-signed",
        "https://m.example.com/2026/11/23/protocol-signed",
        "https://mobile.example.com/2026/11/23/protocol-signed",
        "https://amp.example.com/2026/11/23/protocol-signed",
        "https://www.m.example.com/2026/11/23/protocol-signed",
        "https://example.com./2026/11/23/protocol-signed",
        "https://example.com｡/2026/11/23/protocol-signed",
        "https://example.com:443/2026/11/23/protocol-signed",
        "http://example.com:80/2026/11/23/protocol-signed",
        "https://reader:secret@example.com/2026/11/23/protocol-signed",
        "https://example.com/2026/11/23/protocol-signed/",
        "https://example.com//2026/11/23//protocol-signed",
        "https://example.com/2026/11/23/protocol-signed/index.html",
        "https://example.com/2026/11/23/protocol%2Dsigned",
        "https://example.com/2026/11/23/protocol-signed;jsessionid=A1B2",
        "https://example.com/2026/11/23/protocol-signed#comments",
        "https://example.com/2026/11/23/protocol-signed?",
        "https://example.com/2026/11/23/protocol-signed?utm_source=rss&utm_medium=feed",
        "https://example.com/2026/11/23/protocol-signed?UTM_Source=rss",
        "https://example.com/2026/11/23/protocol-signed?utm_source=rss&amp;utm_campaign=x",
        "https://example.com/2026/11/23/protocol-signed?fbclid=IwAR0&gclid=1",
        "https://example.com/2026/11/23/protocol-signed?mc_cid=1&mc_eid=2",
        "https://example.com/2026/11/23/protocol-signed?at_medium=RSS&at_campaign=KARANGA",
        "https://example.com/2026/11/23/protocol-signed?ns_mchannel=rss&ns_source=PublicRSS20-sa",
        "https://example.com/2026/11/23/protocol-signed?CMP=rss_world",
        "https://example.com/2026/11/23/protocol-signed?ocid=socialflow_twitter",
        "https://example.com/2026/11/23/protocol-signed?partner=homepage&emc=edit_th",
        "https://example.com/2026/11/23/protocol-signed?smid=tw-share",
        "https://example.com/2026/11/23/protocol-signed?ref=rss",
        "https://example.com/2026/11/23/protocol-signed?rss",
        "https://example.com/2026/11/23/protocol-signed?rss=1",
        "https://example.com/2026/11/23/protocol-signed?source=rss",
        "https://example.com/2026/11/23/protocol-signed?mod=rss_markets_main",
        "https://example.com/2026/11/23/protocol-signed?xid=rss",
        "https://example.com/2026/11/23/protocol-signed?feedType=RSS&feedName=world",
        "https://example.com/2026/11/23/protocol-signed?_hsenc=a&_hsmi=b",
        "https://example.com/2026/11/23/protocol-signed/amp",
        "https://example.com/2026/11/23/protocol-signed/amp/",
        "https://example.com/amp/2026/11/23/protocol-signed",
        "https://example.com/2026/11/23/protocol-signed.amp",
        "https://example.com/2026/11/23/protocol-signed/amp.html",
        "https://example.com/2026/11/23/protocol-signed?amp=1",
        "https://example.com/2026/11/23/protocol-signed?amp",
        "https://example.com/2026/11/23/protocol-signed?outputType=amp",
        "https://cdn.ampproject.org/c/s/example.com/2026/11/23/protocol-signed",
        "https://example-com.cdn.ampproject.org/v/s/example.com/2026/11/23/protocol-signed?amp=1",
        "https://www.google.com/amp/s/www.example.com/2026/11/23/protocol-signed",
        "https://www.google.com/url?sa=t&url=http://example.com/2026/11/23/protocol-signed&ct=ga",
        "https://www.bing.com/news/apiclick.aspx?u=1&url=http:%2f%2fexample.com/2026/11/23/protocol-signed",
        "  https://example.com/2026/11/23/protocol-signed\n",
    ],
)
def test_all_addresses_of_a_publication_have_one_form(other: str) -> None:
    assert canonical_url(other) == canonical_url(STORY) == STORY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/?p=1", "https://example.com/?p=2"),
        ("https://example.com/story?id=1", "https://example.com/story?id=2"),
        ("https://example.com/read?article=1", "https://example.com/read?article=2"),
        ("https://example.com/read?story=1", "https://example.com/read?story=2"),
        ("https://example.com/read?cid=1", "https://example.com/read?cid=2"),
        ("https://example.com/read?source=1", "https://example.com/read?source=2"),
        ("https://example.com/read?page=1", "https://example.com/read"),
        ("https://example.com/read?format=pdf", "https://example.com/read?format=amp"),
        ("https://example.com/Story", "https://example.com/story"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com/#!/story/1", "https://example.com/#!/story/2"),
        ("https://example.com:8080/story", "https://example.com/story"),
        ("https://news.example.com/story", "https://example.com/story"),
        ("https://example.com/campaign", "https://example.com/camp"),
        ("https://example.com/guitars-amp", "https://example.com/guitars"),
        ("https://m.com/story", "https://com/story"),
    ],
)
def test_what_tells_publications_apart_is_kept(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("https://example.com/?b=2&a=1", "https://example.com?a=1&b=2"),
        ("https://example.com/s?q=a+b", "https://example.com/s?q=a%20b"),
        ("https://example.com/é", "https://example.com/%C3%A9"),
        ("https://example.com/%c3%a9", "https://example.com/%C3%A9"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://example.com/100%25", "https://example.com/100%25"),
        ("https://example.com/%%66e", "https://example.com/%25fe"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
        ("https://[::1]:8000/x", "https://[::1]:8000/x"),
        ("https://www.google.com/url?sa=t", "https://google.com/url?sa=t"),
        ("https://www.google.com/url?url=javascript:x", "https://google.com/url?url=javascript:x"),
        (f"https://{'ü' * 64}.example/x", f"https://{'%c3%bc' * 64}.example/x"),
        ("https://a¸.example/x", "https://a%c2%b8.example/x"),
    ],
)
def test_the_form_is_ascii_and_ordered(url: str, form: str) -> None:
    assert canonical_url(url) == form


@pytest.mark.parametrize(
    "url",
    [
        "",
        "tag:example.com,2026:1",
        "javascript:alert(1)",
        "/relative",
        "https://",
        "https://[x",
        "https://example.com:99999/",
        "mailto:desk@example.com",
        "ftp://example.com/x",
    ],
)
def test_what_is_no_web_address_has_no_form(url: str) -> None:
    assert canonical_url(url) is None


def test_a_fragment_is_kept_on_request() -> None:
    assert canonical_url("https://example.com/live#post-7", fragment=True) == (
        "https://example.com/live#post-7"
    )


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("https://www.example.com", True),
        ("http://example.com/?utm_source=rss", True),
        ("https://example.com/index.html", True),
        ("https://example.com/amp", True),
        ("https://example.com/?p=1", False),
        ("https://example.com/#!story", False),
        ("https://example.com/story", False),
    ],
)
def test_a_bare_site_is_a_homepage(url: str, *, home: bool) -> None:
    canonical = canonical_url(url)
    assert canonical is not None
    assert is_homepage(canonical) is home


@given(st.text(), st.text())
def test_any_address_has_a_form_or_none_and_never_fails(path: str, query: str) -> None:
    canonical = canonical_url(f"https://example.com/{path}?{query}")
    assert canonical is None or canonical.startswith("https://")
    canonical_url(path)


_IN_ADDRESSES = st.sampled_from(
    ["%6", "%66", "%25", "%2F", "%fe", "//", "..", "amp", ".amp", "/amp", "amp.", "www.", "m."]
) | st.sampled_from([*"%0e/?&=;#.:@[]+!é", "/index.html", "=rss", "utm_a=", ";jsessionid=a"])


@given(st.lists(_IN_ADDRESSES | st.text(max_size=3), max_size=12).map("".join))
def test_a_form_is_its_own_form(rest: str) -> None:
    canonical = canonical_url(f"https://news.example{rest}")
    assert canonical is None or canonical_url(canonical) == canonical


def test_a_query_of_more_parameters_than_any_is_left_as_it_is() -> None:
    query = "&".join(["utm_source=b"] * 101)

    assert canonical_url(f"https://news.example/a?{query}") == f"https://news.example/a?{query}"
    assert canonical_url(f"https://news.example/a?{query[:12]}") == "https://news.example/a"


@pytest.mark.parametrize(
    "host",
    [
        *("news.example\x0c", "news.example\x1f", "news .example", ".", "[::1%7\u2170]"),
        *("a@[::%@])", "a@[::%b]0@[:", "[::%b@]0", "[:]", "[::%.]", "[::1%eth0]"),
    ],
)
def test_a_host_that_no_name_can_be_is_no_address(host: str) -> None:
    assert canonical_url(f"https://{host}/a") is None
