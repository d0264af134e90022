"""Devices in step, both languages, every width, wrong clocks, large and strange words."""

from urllib.parse import urljoin

import pytest

from huaxin.compose import House
from huaxin.simulation.story.browser import no_sideways_scroll
from tests.browser.conftest import Cast, Held, Hold, until
from tests.browser.test_pending import arrived, say, shown
from tests.house import log_in, place

THREE_DAYS_MS = 3 * 86_400_000
# Two frames after a change of size everything has its place.
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
WIDTHS = (360, 390, 768, 1440)
MARK = {"buyer": ".conversation", "courier": ".c-page main", "shop": ".lists"}


async def open_main(hold: Hold, app: str, cast: Cast, **options: object) -> Held:
    """The screen a person of this role looks at most, with an order on it."""
    who = {"buyer": "li", "courier": "zhang", "shop": "owner"}[app]
    path = "" if app == "courier" else f"orders/{cast.order}"
    held = await hold(app, who, path, **options)
    await held.page.locator(MARK[app]).first.wait_for()
    return held


async def test_two_devices_of_one_person_stay_in_step(hold: Hold, cast: Cast) -> None:
    """ST-42"""
    phone = await open_main(hold, "buyer", cast)
    tablet = await open_main(hold, "buyer", cast, size=(768, 1024))
    await say(phone, "写在手机上")
    await until(lambda: shown(tablet, ["写在手机上"]))
    await say(tablet, "写在平板上")
    await until(lambda: shown(phone, ["写在手机上", "写在平板上"]))
    await until(lambda: arrived(cast, ["写在手机上", "写在平板上"]))


async def test_two_phones_of_one_courier_stay_in_step(hold: Hold, cast: Cast) -> None:
    """ST-42"""
    await cast.owner.done("mark_ready", order=cast.order)
    one, other = [await open_main(hold, "courier", cast) for _ in range(2)]
    slide = one.page.get_by_role("button", name="已取货")
    await slide.press("Enter")
    await slide.press("Enter")
    await one.page.get_by_role("button", name="出发", exact=True).wait_for()
    await other.page.get_by_role("button", name="出发", exact=True).click()
    await one.page.get_by_role("button", name="已到楼下", exact=True).wait_for()


@pytest.mark.parametrize("app", ["buyer", "courier", "shop"])
async def test_a_lost_line_is_said_in_words_and_then_silent_again(hold: Hold, cast: Cast, app: str) -> None:
    """ST-43"""
    held = await open_main(hold, app, cast)
    await held.context.set_offline(True)
    words = {"buyer": "离线", "courier": "离线", "shop": "与服务器的连接断了"}[app]
    line = held.page.get_by_role("status").filter(has_text=words).first
    await line.wait_for()
    await held.context.set_offline(False)
    await line.wait_for(state="hidden")


@pytest.mark.parametrize(
    ("app", "zh", "en"),
    [
        ("buyer", "康乃馨花束", "Carnation bouquet"),
        ("courier", "用手机号登录", "Sign in with your phone"),
        ("shop", "花店登录", "Sign in to the shop"),
    ],
)
async def test_both_languages_are_one_tap_apart_and_kept(hold: Hold, app: str, zh: str, en: str) -> None:
    """ST-44"""
    held = await hold(app)
    await until(lambda: says(held, zh))
    await held.page.get_by_role("button", name="切换到英文").first.click()
    await until(lambda: says(held, en))
    await held.page.reload()
    await until(lambda: says(held, en))
    assert not await says(held, zh)
    assert await held.page.evaluate("document.documentElement.lang") == "en"


async def test_notices_are_there_in_both_languages(hold: Hold, cast: Cast) -> None:
    """ST-44"""
    english = await open_main(hold, "buyer", cast, language="en")
    await until(lambda: says(english, "Your order is confirmed."))
    chinese = await open_main(hold, "buyer", cast)
    await until(lambda: says(chinese, "您的订单已确认"))


@pytest.mark.parametrize("app", ["buyer", "courier", "shop"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_nothing_is_wider_than_the_screen(hold: Hold, cast: Cast, app: str, language: str) -> None:
    """ST-45"""
    held = await open_main(hold, app, cast, language=language)
    home = await hold(app, language=language)
    wide = {}
    for width in WIDTHS:
        for where, one in (("main", held), ("door", home)):
            await one.page.set_viewport_size({"width": width, "height": 844 if width < 700 else 900})
            await one.page.evaluate(DRAWN)
            over = await no_sideways_scroll(one.page)
            if over > 0:
                wide[f"{where} at {width}"] = over
    assert wide == {}


async def test_a_device_three_days_wrong_tells_the_same_times(hold: Hold, cast: Cast) -> None:
    """ST-2, ST-48"""
    right = await open_main(hold, "buyer", cast)
    wrong = await open_main(hold, "buyer", cast, wrong_ms=THREE_DAYS_MS)
    promise = await until(lambda: right.texts("section.card .when"))
    assert await until(lambda: wrong.texts("section.card .when")) == promise
    assert "今天" in promise[0] or "明天" in promise[0]
    await say(wrong, "我的表不准")
    await until(lambda: shown(right, ["我的表不准"]))
    # A ten-second undo bar does not run three days, nor not at all.
    await cast.owner.done("mark_ready", order=cast.order)
    courier = await open_main(hold, "courier", cast, wrong_ms=-THREE_DAYS_MS)
    slide = courier.page.get_by_role("button", name="已取货")
    await slide.press("Enter")
    await slide.press("Enter")
    undo = courier.page.get_by_role("button", name="撤销", exact=False).first
    await undo.wait_for()
    await undo.wait_for(state="hidden")


async def test_names_and_words_of_any_kind(hold: Hold, house: House) -> None:
    """ST-49"""
    li, owner = [await log_in(house, name) for name in ("li", "owner")]
    names = {"buyer_name": "李👩‍👧女士🌷", "recipient": {"name": "妈妈🌷𠮷", "phone": "13900001111"}}
    order = await place(li, **names)
    board = await hold("shop", "owner", f"orders/{order}")
    await until(lambda: says(board, "妈妈🌷𠮷"))
    await until(lambda: says(board, "李👩‍👧女士🌷"))
    page = await hold("buyer", "li", f"orders/{order}")
    await page.page.locator(MARK["buyer"]).wait_for()
    await say(page, "谢谢🙏 <b>不是标签</b> \u202e倒着\u202c 𠮷野家")
    # What would make a sentence read as another one is taken out; all the rest stays.
    kept = "谢谢🙏 <b>不是标签</b> 倒着 𠮷野家"
    await until(lambda: says_in(board, ".conversation .bubble .text", kept))
    await until(lambda: shown(page, [kept]))
    await owner.done("cancel_order", order=order, reason="")


async def test_a_message_of_two_megabytes_is_refused_in_words(hold: Hold, cast: Cast) -> None:
    """ST-50"""
    li = await open_main(hold, "buyer", cast)
    await say(li, "前面的话")
    await until(lambda: shown(li, ["前面的话"]))
    field = li.page.get_by_label("写点什么…")
    await field.evaluate(
        "(el) => { el.value = '花'.repeat(700_000); el.dispatchEvent(new Event('input', { bubbles: true })) }"
    )
    told = li.page.locator(".conversation").get_by_text("超出 696000 字")
    await told.wait_for()
    assert await li.page.get_by_role("button", name="发送", exact=True).is_disabled()
    await field.fill("")
    await told.wait_for(state="detached")
    await say(li, "后面的话")
    await until(lambda: shown(li, ["前面的话", "后面的话"]))
    await until(lambda: arrived(cast, ["前面的话", "后面的话"]))


async def test_a_guest_link_shows_the_recipient_no_price_and_no_sender(hold: Hold, house: House) -> None:
    """ST-51"""
    li, owner = [await log_in(house, name) for name in ("li", "owner")]
    card = {"text": "猜猜我是谁", "signature": "", "anonymous": True}
    order = await place(li, card=card, note="门口有狗")
    await owner.done("confirm_order", order=order)
    link = await li.done("create_guest_link", order=order, role="recipient")
    # Not by the shop window: what everybody may read there, prices too, would be on the device.
    guest = await hold("buyer", path="guest")
    await guest.page.goto(urljoin(house.url, link["url"]))
    await guest.page.wait_for_url(f"**/buyer/orders/{order}")
    await guest.page.locator("section.card .state").wait_for()
    token = link["url"].rsplit("/", 1)[1]
    assert token not in guest.page.url
    body = await guest.body()
    for hidden in ("¥", "168", "李女士", "13700000021", "猜猜我是谁", "门口有狗"):
        assert hidden not in body, hidden
    kept = await guest.page.evaluate(
        """async () => {
          const found = []
          const answer = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result) })
          for (const { name } of await indexedDB.databases()) {
            const db = await answer(indexedDB.open(name))
            for (const store of db.objectStoreNames) {
              found.push(JSON.stringify(await answer(db.transaction(store).objectStore(store).getAll())))
            }
          }
          return found.join()
        }"""
    )
    for hidden in ('"price":16800', '"total":16800', "李女士", "13700000021", "猜猜我是谁", "门口有狗"):
        assert hidden not in kept, hidden
    await owner.done("cancel_order", order=order, reason="")


async def says(held: Held, words: str) -> bool:
    return words in await held.body()


async def says_in(held: Held, selector: str, words: str) -> bool:
    return words in await held.texts(selector)
