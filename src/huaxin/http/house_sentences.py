"""What errors of searching and of the house rules say to a person, by their code (see sentences.py)."""

from huaxin.kernel import Text

HOUSE_SENTENCES: dict[str, Text] = {
    "rate.too_fast": Text(
        "操作太快了,请在 {wait_s} 秒后再试。", "That is too fast. Please try again in {wait_s} s."
    ),
    "search.too_long": Text(
        "搜索最多 {most} 个字,现在有 {have} 个。", "Search for up to {most} characters; these are {have}."
    ),
    "search.busy": Text(
        "现在搜索太慢了,请多写几个字再试。", "Searching takes too long right now. Please try more words."
    ),
}
