"""Stop words: English words that say nothing of what a text is about."""

STOP_WORDS = frozenset(
    """a about after again against ago all also although am amid among an and another any are as ask
    at away back be became because been before behind being below between both but by call came can
    can't come could day did didn't do does doesn't doing don't down during each even ever every few
    first for former from get give go goes going gone got had has have haven't having he her here
    hers him his how however i i'm if in including inside into is isn't it it's its just know last
    later latest least less let like likely look made make many may me might month more most much
    must my near need never new next no nor not now of off on once one only onto or other our out
    over own per put said same saw say saying says see seen several she should show since so some
    soon still such take tell than that that's the their them then there these they they're thing
    this those though three through time to today told tomorrow too took toward towards two under
    until up upon us use used very via want was wasn't way we we're week well went were what what's
    when where whether which while who whom whose why will with within without won't would year
    yesterday yet you you're your monday tuesday wednesday thursday friday saturday sunday january
    february march april may june july august september october november december""".split()  # noqa: SIM905 - a list of them all would be a page
)
"""Small letters; plurals left out."""
