"""Words that hold a sentence together and say nothing of its subject."""

from __future__ import annotations

_ASKING = frozenset(
    ["wer", "wen", "wem", "wessen", "was", "wann", "wo", "woher", "wohin", "warum", "weshalb", "wieso", "wie", "wozu"]
    + ["welche", "welchem", "welchen", "welcher", "welches", "wodurch", "womit", "worüber", "worum", "wovon"]
)

_DECLINED = ["ein", "mein", "dein", "ihr", "unser", "dies", "jen", "jed", "manch", "solch"]
_WORDS = (
    # articles and pronouns
    "der die das den dem des ein sein seinem seinen seiner seines ihr mein dein unser ich du er sie es wir mich dich "
    "dir ihn ihm uns euch ihnen sich deren dessen denen derer derselbe dieselbe dasselbe "
    # prepositions, some with an article in them
    "ab an am ans auf aufs aus bei beim bis durch durchs für fürs gegen hinter im in ins mit nach neben ohne seit "
    "trotz um über unter von vom vor wegen während zu zum zur zwischen "
    # what joins sentences
    "und aber denn sondern als dass daß damit ob obwohl sobald sodass wenn bevor nachdem "
    # what only says how, when and whether
    "auch da dabei dadurch dafür dagegen daher dann daran darauf daraus darin darüber darum davon dazu doch dort hier "
    "ja jedoch noch nun nur schon sehr so sogar somit sowie zudem "
    # auxiliaries
    "bist ist sind seid war wäre wären gewesen sei seien "
    "habe hast hat haben habt hatte hatten hätte hätten gehabt "
    "werde wirst wird werden wurde wurden würden geworden worden "
    "kann können konnte konnten könnte könnten muss muß müssen musste mussten müsste müssten soll sollen sollte "
    "sollten darf dürfen durfte durften dürfte dürften wollen wollte wollten mag mögen möchte möchten"
)
FUNCTION_WORDS = _ASKING.union(
    _WORDS.split(), (stem + ending for stem in _DECLINED for ending in ("e", "em", "en", "er", "es"))
)
"""In small letters, as they are written. Not what may be a noun or a name as well: oder, waren, würde, bin, will,
seine, mir, man, weil."""
