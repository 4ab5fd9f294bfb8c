"""A small guess at the language of a post, by function words, in the codes of the label guide."""

import re

from models.normalize import fold_text

# Words that are frequent in one language and rare in the others. Indonesian words are the
# background of nearly every post, so a regional language wins with two own words.
_WORDS: dict[str, str] = {
    "jv": "aku kowe kuwi iki iku sing ora opo piye wong wis durung karo nang ning lan yo "
    "kudu arep ojo "
    "mung wae kabeh dadi dadine iso ra gak po kok lek mbok rek cak arek kate ae mugi monggo "
    "kulo sampeyan",
    "su": "abdi urang anjeun maneh aing teu henteu naon kumaha nu jeung atuh mah teh euy "
    "kuring sareng "
    "kanggo ieu eta geus parantos hayu mun bae wae pisan tiasa aya dina ti ka dugi cenah",
    "min": "awak ambo denai waang inyo indak ndak alun jo nan dek apo baa kito urang manga "
    "lah iko itu "
    "kami sajo bana ko mah uda uni lai piliah basamo",
    "ban": "tiang titiang ragane nika punika nenten sing tusing ane teken ajak jani suba "
    "sube lakar ngih nggih",
    "bug": "iyya idi iko iyaro iyae degage dega magi pole sibawa maega madeceng tania",
    "mak": "nakke katte kau anne anjo tena apa battu siagang baji ji mi ki pi tawwa tabe",
    "mad": "engkok sengko kule be'na ba'na bekna enggi ta' tak bede oreng reng se ben moso "
    "ka'dinto",
    "bjn": "ulun pian ikam unda nyawa kada kadada nang gasan lawan jua pang haja banar hibak "
    "bubuhan",
    "ace": "lon loen kamoe gata droeneuh hana pane nyoe nyan ngon keu bek that lagee peu jeut",
    "bbc": "au ho hami hamu ndang dang do tu sian nang adong aha marga horas ma tondi",
    "btw": "gue gua elu lu aje kagak kaga ape nape nyok dah ame udeh bae kite ade siape bang",
    "xmm": "torang ngana kita nyanda nda pe so deng mo kote dorang jo kiapa baku",
    "abs": "beta katong se ose seng su deng dong par sio nona nyong",
    "mkn": "beta katong lu son sonde su deng dong pung ko bae beta nyong nona",
    "pmy": "sa ko kitong kitorang dong pu tra su de deng pace mace toh",
    "en": "the is are was and of to for with this that you he she they we have not will vote",
    "id": "yang dan di ke dari untuk dengan ini itu tidak ada akan juga kita kami saya sudah "
    "bisa pada "
    "yg dgn tdk utk gak nggak udah aja banget kalau karena jadi bukan lebih semua",
}
_LOOKUP: dict[str, tuple[str, ...]] = {}
for _code, _list in _WORDS.items():
    for _word in set(_list.split()):
        _LOOKUP[_word] = (*_LOOKUP.get(_word, ()), _code)
_TOKEN = re.compile(r"[a-z']+")
_READ_LIMIT = 2_000


def guess_language(text: str) -> str:
    """Return a code of the label guide: `id`, a regional code, `mix`, `en` or `other`.

    Short posts without any known word count as Indonesian when they hold letters at all, and
    as `other` when they hold none.
    """
    tokens = _TOKEN.findall(fold_text(text[:_READ_LIMIT]))
    if not tokens:
        return "other"
    scores: dict[str, float] = {}
    for token in tokens:
        codes = _LOOKUP.get(token, ())
        for code in codes:
            scores[code] = scores.get(code, 0.0) + 1.0 / len(codes)
    indonesian = scores.pop("id", 0.0)
    if not scores:
        return "id"
    best = max(scores, key=lambda code: (scores[code], code))
    if scores[best] < 2.0 or scores[best] < 0.12 * len(tokens):
        return "id"
    if best != "en" and indonesian >= scores[best]:
        return "mix"
    return best
