"""Boilerplate: what publishers' software adds to a summary and no reader wants."""

import re

_ANY_PLACE = re.compile(
    r"\b(?:The post|Der Beitrag|La entrada|O post|L['’]arti(?:colo|cle)|Cet article"
    r"|Het bericht)"
    r"\s(?:(?!The post\b|Der Beitrag\b).){1,300}?\s"
    r"(?:(?:first appeared|appeared first) on|erschien zuerst auf|se publicó primero en"
    r"|apareceu primeiro em|proviene da|sembra essere il primo su"
    r"|est apparu en premier (?:sur|dans)"
    r"|verscheen eerst op)\s.{1,80}?(?:\.(?=\s|$)|$)"
    r"|\bsubmitted by .{1,80}?\[link\]\s*\[[^\]]*comments?\]"
    r"|\b(?:Article|Comments) URL: \S+|\bPoints: \d+(?=\s|$)|# Comments: \d+"
    r"|https?://\S{40,}"
)

_INVITATIONS = (
    r"read (?:more(?! than)|on\b|next|also|the (?:full|whole|rest|original|entire)|full|it at)"
    r"|(?:continue|keep) reading|click (?:here|through|for)|see (?:also|more)\b|more:"
    r"|view (?:more|full)|learn more|find out more|full (?:story|article)"
    r"|weiterlesen|mehr lesen|mehr (?:dazu|zum thema)|lesen sie|jetzt (?:lesen|weiterlesen)"
    r"|hier (?:weiterlesen|klicken|geht)|zum artikel|den (?:ganzen|vollständigen) artikel"
    r"|lire (?:la suite|aussi|plus|l['’]article)|en savoir plus|cliquez ici|à lire aussi"
    r"|leer (?:más|la noticia|también)|seguir leyendo|sigue leyendo|lee también|haz clic"
    r"|leia (?:mais|também)|continue lendo|clique aqui|saiba mais"
    r"|leggi (?:tutto|anche|di più|l['’]articolo)|continua a leggere|clicca qui"
    r"|lees (?:verder|meer|ook)|阅读全文|閱讀全文|繼續閱讀|继续阅读|続きを読む|もっと読む"
)
_AT_THE_END = re.compile(
    rf"(?:(?<=[.!?…\])\"”’»。！？])|^)\s*[\[(]?(?:{_INVITATIONS})(?![\w-])[^.!?。]{{0,80}}"
    r"[\])>»›→.…!\s]*$",
    re.IGNORECASE,
)

_LONGEST = 200
_SENTENCE = re.compile(
    rf"[\[(>»›→•\s]*(?:(?:{_INVITATIONS})(?![\w-])"
    r"|(?:sign up|subscribe|register)\b.*\b(?:newsletter|e-?mails?|inbox|alerts?|updates?|podcast"
    r"|here|today|now|channel|to)\b"
    r"|get (?:our|the|more|all)\b.*\b(?:newsletter|inbox|app|alerts)\b"
    r"|(?:this|the) (?:article|story|post|piece|essay|content)"
    r" (?:was |has been |is )?(?:originally |first |also |re-?)?"
    r"(?:published|appeared|updated|corrected|republished)"
    r"|(?:originally|first) (?:published|appeared)"
    r"|listen to (?:this|the) (?:article|story|podcast|episode|audio)"
    r"|(?:follow|like|join|find) us\b|(?:share|tweet|print|e-?mail) this|download (?:our|the) app"
    r"|have (?:you )?(?:a )?(?:news )?tips?\b.*\?|advertisement|anzeige$|publicité$|publicidad$"
    r"|comments?(?: on this.*)?[.:]?$|photo(?:graph)?s?(?: credit| by)?:|image(?: credit| source)?:"
    r"|(?:©|\(c\)|copyright)\s|all rights reserved"
    r"|newsletter\b.*\b(?:abonnieren|bestellen)|abonnieren sie|folgen sie uns"
    r"|dieser (?:artikel|text|beitrag) (?:ist|wurde|erschien)"
    r"|abonnez-vous|inscrivez-vous|suivez-nous|cet article (?:a été|est)"
    r"|suscríbete|suscríbase|síguenos|este artículo (?:fue|se)|siga-nos|inscreva-se|iscriviti"
    r"|https?://\S+$)",
    re.IGNORECASE,
)

_NAME = (
    r"[A-ZÀ-Þ][\w.'’-]*(?: (?:(?:van|von|de|der|den|da|di|la|el|al|bin) )*[A-ZÀ-Þ][\w.'’-]+){1,3}"
)
_BYLINE = re.compile(
    rf"\A(?:By|BY|Von|Par|Por|Di|Door) {_NAME}(?:(?:,| and| und| et| y|,? &) {_NAME})*"
    r"(?:,[^.|–—-]{1,40})?(?:\s*[|–—•·]\s*|\s+-\s+|$)"
)
_DATELINE = re.compile(
    r"\A[A-ZÀ-Þ]{2}[^.!?()]{1,60}(?:\.[^.!?()]{1,20})?"
    r"\((?:Reuters|AP|AFP|dpa|UPI|ANSA|EFE|TASS|Xinhua|Kyodo News|Bloomberg|CNN|CP|PA"
    r"|AAP|PTI|ANI)\)"
    r"\.?\s*[-–—:]+\s*"
)


def without_boilerplate(text: str) -> str:
    """One paragraph, freed of notices, byline, dateline and the invitation to read on."""
    text = _ANY_PLACE.sub(" ", text).strip()
    text = _DATELINE.sub("", _BYLINE.sub("", text))
    return _AT_THE_END.sub("", text).strip()


def is_boilerplate(sentence: str) -> bool:
    """Whether a whole sentence only invites, advertises or credits."""
    return len(sentence) <= _LONGEST and _SENTENCE.match(sentence) is not None
