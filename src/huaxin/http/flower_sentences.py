"""What errors of the catalogue and of other flowers than ordered say to a person (see sentences.py)."""

from huaxin.kernel import Text

FLOWER_SENTENCES: dict[str, Text] = {
    "product.nameless": Text("请给这款花起个名字。", "Give the bouquet a name."),
    "product.price": Text("价格要在 0 到 100,000 元之间。", "A price is from 0 to 100,000 yuan."),
    "product.variant": Text("这款花没有这个规格。", "This bouquet has no such size."),
    "product.variant_nameless": Text("请给每个规格起个名字。", "Give every size a name."),
    "product.variant_twice": Text("有两个规格同名。", "Two sizes are called the same."),
    "product.stem_twice": Text("配方里有一种花材写了两次。", "A stem is named twice in the recipe."),
    "product.picture": Text("找不到这张照片,请重新上传。", "This picture is not here; please add it again."),
    "product.too_many": Text("最多 500 款花,请先删去一些。", "A catalogue holds up to 500 bouquets."),
    "product.not_that_day": Text(
        "「{value}」那天不配送,请换一天或换一款花。",
        "{value} is not delivered on that day. Choose another day or another bouquet.",
    ),
    "substitution.open": Text(
        "顾客还没有同意替换花材,先不要制作:可以等回复、打电话,或撤回替换。",
        "The buyer has not agreed to other flowers yet. Wait for the answer, call, or take it back.",
    ),
    "substitution.pending": Text(
        "已经有一个替换在等顾客回复,可以先撤回它。",
        "A substitute waits for the buyer's answer already; take it back first.",
    ),
    "substitution.picture": Text(
        "请加一张照片,让顾客看到换成什么。", "Add a picture, so that the buyer sees what it will be."
    ),
    "substitution.nameless": Text("请写上换成什么花。", "Say which flowers instead."),
    "substitution.same": Text("这正是缺货的花,请换一种。", "That is what is out: choose other flowers."),
    "substitution.nothing": Text("这个订单里没有用到它。", "Nothing on this order is made of that."),
    "substitution.price": Text("换了之后价格不能低于 0。", "No bouquet costs less than nothing."),
    "substitution.stale": Text(
        "订单后来改过了,花店会重新提出替换。", "The order was changed since. The shop will propose anew."
    ),
    "substitution.gone": Text("这个替换已经不在了。", "This proposal is no longer there."),
    "substitution.settled": Text(
        "这个替换已经有人回复过了,请看订单。", "This has been answered already. See the order."
    ),
    "substitution.too_late": Text(
        "回复的时间已过,已按下单时的选择处理。有不妥请马上致电花店。",
        "The time to answer has passed and what was chosen when ordering was done. Please call the shop.",
    ),
    "substitution.early": Text("顾客还有时间回复。", "The buyer still has time to answer."),
    "substitution.no_time": Text(
        "离送达太近,没有更多时间了,请现在决定。", "There is no more time before the delivery; decide now."
    ),
    "substitution.last": Text(
        "这是订单里唯一的一束,请取消订单。", "It is the only bouquet: cancel the order instead."
    ),
    "stock.running": Text(
        "正在给订单提出替换,请等它完成。", "A substitute is being proposed already; wait for it."
    ),
    "stock.picture": Text("请加一张替换花材的照片。", "Add a picture of the flowers that come instead."),
}
