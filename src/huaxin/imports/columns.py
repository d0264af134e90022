"""What the columns of a table are called, in Chinese and English, and the template that is given out."""

import unicodedata

import msgspec

from huaxin.journal.model import Rejected
from huaxin.kernel import Text


class Column(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    title: Text
    also: tuple[str, ...] = ()
    needed: bool = False
    example: Text = Text("", "")


COLUMNS = (
    Column(
        key="ref", title=Text("单号", "Ref"), example=Text("A-1001", "A-1001"),
        also=("外部单号", "订单号", "order no", "order number", "reference"),
    ),
    Column(
        key="day", title=Text("配送日期", "Date"), needed=True, example=Text("{day}", "{day}"),
        also=("日期", "送达日期", "delivery date"),
    ),
    Column(
        key="time", title=Text("配送时间", "Time"), needed=True, example=Text("9:00-11:00", "9:00-11:00"),
        also=("时间", "时段", "配送时段", "送达时间", "delivery time", "window", "slot"),
    ),
    Column(
        key="recipient", title=Text("收花人", "Recipient"), needed=True, example=Text("李妈妈", "Ms Li"),
        also=("收件人", "收货人", "姓名", "name"),
    ),
    Column(
        key="phone", title=Text("收花人电话", "Recipient phone"), needed=True,
        example=Text("13900001111", "13900001111"), also=("电话", "手机", "手机号", "收件人电话", "phone"),
    ),
    Column(
        key="address", title=Text("地址", "Address"), needed=True,
        example=Text("阳光小区5号楼3单元401", "阳光小区5号楼3单元401"),
        also=("收货地址", "配送地址", "收花地址"),
    ),
    Column(key="detail", title=Text("门牌", "Unit"), also=("楼号", "房间", "detail", "room")),
    Column(key="gate", title=Text("门禁", "Gate note"), also=("怎么进门", "gate", "access")),
    Column(
        key="product", title=Text("花束", "Bouquet"), needed=True, example=Text("{product}", "{product}"),
        also=("商品", "产品", "品名", "product", "item"),
    ),
    Column(key="size", title=Text("规格", "Size"), also=("尺寸", "大小", "variant")),
    Column(key="quantity", title=Text("数量", "Quantity"), example=Text("1", "1"), also=("qty", "count")),
    Column(
        key="card", title=Text("贺卡", "Card"), example=Text("妈妈,节日快乐!", "Happy birthday!"),
        also=("贺卡留言", "留言", "卡片", "card message", "message"),
    ),
    Column(key="signature", title=Text("落款", "Signature"), also=("署名", "signed")),
    Column(key="anonymous", title=Text("匿名", "Anonymous"), also=()),
    Column(key="surprise", title=Text("惊喜", "Surprise"), also=()),
    Column(key="note", title=Text("备注", "Note"), also=("要求", "notes", "remark")),
    Column(key="buyer", title=Text("订花人", "Buyer"), also=("下单人", "客户", "customer")),
    Column(key="buyer_phone", title=Text("订花人电话", "Buyer phone"), also=("客户电话", "customer phone")),
)  # fmt: skip
BY_KEY = {one.key: one for one in COLUMNS}


def _plain(title: str) -> str:
    return "".join(unicodedata.normalize("NFKC", title).lower().split()).strip("*:")


_KNOWN = {
    _plain(name): one.key for one in COLUMNS for name in (one.key, one.title.zh, one.title.en, *one.also)
}


def find_columns(header: list[str]) -> dict[str, int]:
    """Where each known column is; unknown ones are passed over. Raises Rejected import.missing (422) naming
    what is needed and not there, and import.twice for a column that is there twice."""
    found: dict[str, int] = {}
    for place, title in enumerate(header):
        key = _KNOWN.get(_plain(title))
        if key is None:
            continue
        if key in found:
            raise Rejected("import.twice", "Two columns say the same.", title, status=422)
        found[key] = place
    missing = [one.title for one in COLUMNS if one.needed and one.key not in found]
    if missing:
        names = {"columns": "、".join(one.zh for one in missing)}
        raise Rejected("import.missing", "These columns are missing.", names, status=422)
    return found


def template(language: str, day: str, product: str) -> bytes:
    """A CSV file to fill in, with one row that could be imported. With a mark, so that spreadsheets read it
    as UTF-8."""
    zh = language != "en"
    head = [one.title.zh if zh else one.title.en for one in COLUMNS]
    said = [(one.example.zh if zh else one.example.en) for one in COLUMNS]
    row = [one.format(day=day, product=product) if "{" in one else one for one in said]
    lines = [",".join(map(_quoted, cells)) for cells in (head, row)]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def _quoted(cell: str) -> str:
    # A cell that a spreadsheet would calculate is kept as text there too.
    if cell[:1] in "=+-@\t\r" and cell:
        cell = "'" + cell
    return '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in ',"\n;') else cell
