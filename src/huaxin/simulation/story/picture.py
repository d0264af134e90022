"""The picture for the README, from real screenshots of story 1 (`screens/three-*.png`):

python -m huaxin.simulation.story.picture docs/pictures/three-screens.png
"""

import asyncio
import base64
import sys
from pathlib import Path

from huaxin.simulation.story.browser import open_browser

WIDTH, HEIGHT = 1560, 640
PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #efe8dc; width: {width}px; height: {height}px;
  display: flex; align-items: center; justify-content: center; gap: 28px }}
img {{ display: block; border-radius: 14px; border: 1px solid #d9cfbf;
  box-shadow: 0 6px 18px rgb(60 40 20 / 14%) }}
.phone {{ height: 576px; border-radius: 22px }}
.desktop {{ height: 576px }}
</style>
<img class="phone" src="{buyer}" alt=""><img class="phone" src="{courier}" alt="">
<img class="desktop" src="{shop}" alt="">
"""


def _inline(path: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode()


async def compose(folder: Path, target: Path) -> None:
    """Puts buyer, courier and shop side by side."""
    shots = {app: _inline(folder / f"three-{app}.png") for app in ("buyer", "courier", "shop")}
    async with open_browser() as browser:
        page = await browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        await page.set_content(PAGE.format(width=WIDTH, height=HEIGHT, **shots), wait_until="load")
        await page.screenshot(path=str(target))


if __name__ == "__main__":
    wanted = Path(sys.argv[1])
    wanted.parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(compose(Path("screens"), wanted))
    print(f"{wanted}: {wanted.stat().st_size / 1000:.0f} kB")
