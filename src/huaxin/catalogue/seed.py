"""A small shop's worth of bouquets, for the demo and for a new shop to begin with. Pictures are our own."""

from pathlib import Path

from huaxin.catalogue.model import Product, Variant
from huaxin.kernel import Stem

PICTURES = Path(__file__).parent / "pictures"

# id, name, price in fen, words; the picture has the id's name. Fragile: petals bruise or stems snap.
_BOUQUETS = (
    ("carnation", "康乃馨花束", "Carnation bouquet", 16800, False,
     "粉色康乃馨 19 枝,送给妈妈的那一束。", "19 pink carnations: the one for mothers."),
    ("red_rose", "红玫瑰花束", "Red roses", 25900, False,
     "红玫瑰 11 枝,尤加利叶衬底。", "11 red roses on eucalyptus."),
    ("pink_rose", "粉玫瑰花束", "Pink roses", 23900, False,
     "粉玫瑰 11 枝配满天星,温柔的早晨。", "11 pink roses with baby's breath."),
    ("sunflower", "向日葵花束", "Sunflowers", 15800, False,
     "向日葵 5 枝,给新工作、新生活。", "5 sunflowers for a new start."),
    ("lily", "白百合花束", "White lilies", 19800, True,
     "白百合 6 枝,花苞到家慢慢开。", "6 white lilies, in bud, to open at home."),
    ("tulip", "郁金香花束", "Tulips", 21800, True,
     "杏色郁金香 15 枝,当日到货。", "15 apricot tulips, fresh today."),
    ("daisy", "洋甘菊花束", "Chamomile", 9900, False,
     "洋甘菊一大把,不为什么的小礼物。", "A generous bunch of chamomile, for no reason at all."),
    ("hydrangea", "绣球花礼盒", "Hydrangea box", 28800, True,
     "蓝紫绣球 3 朵,含保水花泥。", "3 blue hydrangeas in a box that keeps them wet."),
    ("orchid", "蝴蝶兰盆栽", "Moth orchid", 32800, True,
     "双梗白色蝴蝶兰,开业与探访皆宜。", "Two stems of white moth orchid, potted."),
)  # fmt: skip

# What takes more than one place on a bike, and what stands up: a pot, a box, long stems.
_SIZES = {"hydrangea": 2, "orchid": 3, "sunflower": 2}
_TALL = frozenset({"orchid", "sunflower"})
# What the florist takes, so that it is known which bouquets a missing stem concerns.
_RECIPES: dict[str, tuple[Stem, ...]] = {
    "carnation": (Stem("粉色康乃馨", 19, "pink carnation"),),
    "red_rose": (Stem("红玫瑰", 11, "red rose"), Stem("尤加利", 5, "eucalyptus")),
    "pink_rose": (Stem("粉玫瑰", 11, "pink rose"), Stem("满天星", 3, "baby's breath")),
    "sunflower": (Stem("向日葵", 5, "sunflower"),),
    "lily": (Stem("白百合", 6, "white lily"),),
    "tulip": (Stem("杏色郁金香", 15, "apricot tulip"),),
    "daisy": (Stem("洋甘菊", 30, "chamomile"),),
    "hydrangea": (Stem("蓝紫绣球", 3, "blue hydrangea"),),
    "orchid": (Stem("白色蝴蝶兰", 2, "white moth orchid"),),
}
_VARIANTS: dict[str, tuple[Variant, ...]] = {
    "tulip": (
        Variant(id="usual", name="15 枝", name_en="15 stems", price=21800),
        Variant(id="large", name="30 枝", name_en="30 stems", price=39800, percent=200),
    ),
}


def seed_products(shop: str) -> list[Product]:
    """The nine bouquets, priced, in both languages, for one shop."""
    return [
        Product(
            shop=shop,
            id=key,
            name=name,
            name_en=name_en,
            price=price,
            picture=f"/pictures/{key}.svg",
            words=words,
            words_en=words_en,
            fragile=fragile,
            rank=rank,
            size=_SIZES.get(key, 1),
            tall=key in _TALL,
            recipe=_RECIPES[key],
            variants=_VARIANTS.get(key, ()),
        )
        for rank, (key, name, name_en, price, fragile, words, words_en) in enumerate(_BOUQUETS)
    ]
