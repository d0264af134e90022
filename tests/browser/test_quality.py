"""Accessible to everybody, installable, open without network."""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import APPS, LONG_S, Cast, Held, Hold, until
from tests.browser.test_screens import open_main

AT_REST = Path(__file__).with_name("at_rest.js")
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")


async def _look(held: Held) -> tuple[list[str], bool]:
    """What axe calls serious or critical, with the element; and whether the screen changed meanwhile."""
    if not AXE.is_file():
        pytest.fail("axe-core is missing: run `npm ci` in web/")
    await held.page.evaluate(AXE.read_text("utf-8"))
    result: dict[str, Any] = await held.page.evaluate(
        AT_REST.read_text("utf-8"), {"resultTypes": ["violations"]}
    )
    found = [
        f"{one['id']} ({one['impact']}): {one['help']}: {node['html'][:160]}"
        for one in result["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"][:3]
    ]
    return found, bool(result["changed"])


async def findings(held: Held) -> list[str]:
    """What is found on a screen that stands still.

    A finding on a screen that was being drawn says nothing: axe may have measured a text against what has
    just been under it. Then the next picture is looked at.
    """
    deadline = time.monotonic() + LONG_S
    while True:
        found, changed = await _look(held)
        if not found or not changed or time.monotonic() > deadline:
            return found


@pytest.mark.parametrize("app", APPS)
async def test_the_door_has_no_serious_findings(hold: Hold, app: str) -> None:
    """ST-46"""
    held = await hold(app)
    await held.page.get_by_role("heading").first.wait_for()
    assert await findings(held) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("app", APPS)
async def test_the_main_screen_has_no_serious_findings(hold: Hold, cast: Cast, app: str, scheme: str) -> None:
    """ST-46"""
    held = await open_main(hold, app, cast)
    await held.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    assert await findings(held) == []


async def test_the_steps_of_ordering_have_no_serious_findings(hold: Hold) -> None:
    """ST-46"""
    held = await hold("buyer", "li")
    await held.page.locator("button", has_text="康乃馨花束").first.click()
    on = held.page.locator("footer button.go")
    await on.wait_for()
    assert await findings(held) == []
    await on.click()
    await held.page.get_by_label("姓名").fill("妈妈")
    await held.page.get_by_label("手机号").fill("13900001111")
    assert await findings(held) == []
    await on.click()
    await held.page.get_by_role("button", name="收花地址").click()
    await held.page.get_by_role("searchbox", name="搜索地址").fill("阳光小区5号楼3单元401")
    await held.page.locator(".found button").first.wait_for()
    assert await findings(held) == []
    await held.page.locator(".found button").first.click()
    await held.page.get_by_role("button", name="写一句话").click()
    await held.page.get_by_label("您的要求").fill("明天下午三点前")
    await held.page.locator(".promise.sure").wait_for()
    assert await findings(held) == []
    await on.click()
    await held.page.get_by_role("button", name="提交订单").wait_for()
    assert await findings(held) == []


@pytest.mark.parametrize("app", APPS)
async def test_every_application_can_be_installed_and_opens_without_network(hold: Hold, app: str) -> None:
    """ST-47"""
    held = await hold(app)
    manifest = await held.page.evaluate(
        "fetch(document.querySelector('link[rel=manifest]').href).then((answer) => answer.json())"
    )
    assert manifest["start_url"] == f"/{app}/"
    assert manifest["display"] == "standalone"
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
    for icon in manifest["icons"]:
        answer = await held.page.request.get(f"{held.page.url.split(f'/{app}/')[0]}{icon['src']}")
        assert answer.status == 200
    await held.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await held.page.reload()
    await until(lambda: held.page.evaluate("navigator.serviceWorker.controller !== null"))
    await held.context.set_offline(True)
    await held.page.reload()
    await held.page.get_by_role("heading").first.wait_for()
