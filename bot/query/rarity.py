"""Rarity: how likely an entry of English news is to hold a word; guesses, only ever compared.

The matcher finds a query by its rarest necessary word. Which of two words is rarer is all that
counts, so a few hundred words known to be frequent and a rule for all others are enough: a wrong
guess costs microseconds and never an answer.
"""

from bot.query.terms import Term

_ALWAYS = """
    a an and are as at be been but by for from had has have he his i in is it its not of on or said
    that the their they this to was were which who will with
"""
_OFTEN = """
    about after all also amid among any because before being between both can could day days did do
    during even first get go going he'll her here him how i'm if into it's just last like made make
    many may me more most much my new no now off one only other our out over own people say says
    she should since so some still such take than them then there these those three through time
    two under until up us use very want way we well what when where while why would year years you
    your
"""
_IN_THE_NEWS = """
    AI UK US 2024 2025 2026 america american attack back bank big bill business call called case
    chief child children china chinese city climate close come companies company control cost
    countries country court cup data deal death defense democrat democratic department donald
    early economic economy election end energy europe european executive face fall families family
    fans far federal fight final financial find fire food force former found four free friday full
    game global good government group growth half head health help high history hit home hope house
    human including industry information inflation international iran israel job john killed king
    know law lawmaker lead leader left less life live local london long look lost man market match
    media meeting men might military million billion minister monday money month morning move
    national need next night north number office officer official oil old open opposition part
    party past pay percent plan play player point police policy political power president price
    prime minister private public put question race rate re read real record region report
    republican research review right rise role rule run russia russian saturday say school season
    second secretary security see senate set seven service share show side sign six small social
    source south space sport staff stage start state statement stock stop story street strike
    student study suspect system tax team tech technology television tell test thing think third
    thousand thursday today told top trade trial trump try tuesday turn ukraine union united
    university video vote wall war washington watch water wednesday week weekend west white win
    without woman women work worker world worth york young
"""


def _classes() -> dict[str, float]:
    chances = ((_IN_THE_NEWS, 0.05), (_OFTEN, 0.2), (_ALWAYS, 0.6))
    return {word: chance for words, chance in chances for word in words.split()}


KNOWN = _classes()
"""Words known to be frequent, each with its chance."""
_AT_MOST = ((1, 0.1), (2, 0.03), (3, 0.02), (5, 0.01), (7, 0.005))
_LEAST = 0.003


def chance_of(key: str) -> float:
    """How likely an entry holds a word, between 0 and 1.

    Args:
        key: As `bot.query.terms` gives it: small letters, or capitals for an exact word.
    """
    known = KNOWN.get(key)
    if known is not None:
        return known
    return next((chance for letters, chance in _AT_MOST if len(key) <= letters), _LEAST)


def chance_of_beginning(key: str) -> float:
    """How likely an entry holds a word that begins so."""
    return min(1.0, 4 * chance_of(key))


def chance_of_term(term: Term) -> float:
    """How likely an entry holds a word of a query, in any of its forms."""
    return max(map(chance_of_beginning if term.prefix else chance_of, term.keys))
