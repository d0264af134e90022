"""What errors of slots, imports, standing orders and payments say to a person (see sentences.py)."""

from huaxin.kernel import Text

SLOT_SENTENCES: dict[str, Text] = {
    "slot.full": Text(
        "这个时段刚刚约满了,没有下单。最近可约:{next}。",
        "This time has just been fully booked; nothing was ordered. Next free: {next}.",
    ),
    "slot.all_full": Text(
        "这个时段约满了,两周内也没有空位,没有下单。请联系花店。",
        "This time is fully booked, as are the next two weeks; nothing was ordered. Please ask the shop.",
    ),
    "slot.closed": Text(
        "这个时段已经截单或当天不配送,没有下单。最近可约:{next}。",
        "This time can no longer be booked; nothing was ordered. Next free: {next}.",
    ),
    "slot.none": Text(
        "花店这个时间不配送,没有下单。最近可约:{next}。",
        "The shop does not deliver at that time; nothing was ordered. Next free: {next}.",
    ),
    "slot.no_asap": Text(
        "花店不接立即配送的订单。最近可约:{next}。",
        "The shop does not deliver at once. Next free: {next}.",
    ),
    "slot.nothing": Text(
        "这个时间约不了,两周内也没有空位。请联系花店。",
        "That time cannot be booked and nothing is free for two weeks. Please ask the shop.",
    ),
    "slot.too_far": Text(
        "这个地址超出了花店的配送范围,请换一个地址或联系花店。",
        "This address is beyond where the shop delivers; choose another one or ask the shop.",
    ),
    "import.too_big": Text("文件超过 8 MB,请分成几份。", "The file is larger than 8 MB; split it."),
    "import.too_many": Text("超过一万行,请分成几份。", "More than 10,000 rows; split the file."),
    "import.columns": Text("列太多了,请用模板。", "Too many columns; use the template."),
    "import.empty": Text("文件里没有订单。", "There are no orders in this file."),
    "import.encoding": Text(
        "看不懂这个文件的文字,请另存为 UTF-8 或 GBK 的 CSV。",
        "The file's text is neither UTF-8 nor GBK; save it as CSV again.",
    ),
    "import.binary": Text(
        "这不是文本表格,请另存为 CSV 再试。", "That is no text file; save the table as CSV and try again."
    ),
    "import.unreadable": Text(
        "第 {value} 行读不出来,可能少了一个引号。", "Row {value} cannot be read; a quote may be missing."
    ),
    "import.missing": Text("缺少这些列:{columns}。", "These columns are missing: {columns}."),
    "import.twice": Text("有两列是同一个意思:{value}。", "Two columns say the same: {value}."),
    "import.wrong": Text(
        "有 {count} 处不对,一单都没有导入。改好后再试。",
        "{count} cells are wrong; nothing was imported. Mend them and try again.",
    ),
    "import.late": Text(
        "有 {count} 单十分钟内就要送到,来不及导入,一单都没有导入。",
        "{count} orders are due within ten minutes; nothing was imported.",
    ),
    "import.unknown": Text("没有这次导入。", "There is no such import."),
    "payment.too_much": Text("比还没付的多,请核对金额。", "That is more than is still to be paid."),
    "payment.refund_too_much": Text("退款不能超过已付的金额。", "No more can be given back than was paid."),
    "payment.no_refund": Text("这单没有这笔退款。", "There is no such refund on this order."),
    "payment.back_already": Text(
        "这笔退款已经退过,或不用退这么多。", "It was given back already, or so much is not owed for it."
    ),
    "standing.too_many": Text("定期订单太多了,请先结束一个。", "Too many standing orders; end one first."),
    "standing.ended": Text("这个定期订单已经结束了。", "This standing order has ended."),
    "standing.unknown": Text("没有这个定期订单。", "There is no such standing order of yours."),
    "slots.inverted": Text("时段的开始要早于结束。", "A slot must start before it ends."),
    "slots.no_day": Text("每个时段至少选一个星期几。", "Choose at least one weekday for each slot."),
    "slots.overlap": Text("同一天的两个时段重叠了。", "Two slots of the same day overlap."),
    "slots.zones_alike": Text(
        "有两个配送圈一样,请给每个圈不同的距离。",
        "Two zones are the same; give each a distance of its own.",
    ),
    "slots.no_such_day": Text("没有 {value} 这一天。", "There is no such day: {value}."),
}
