"""A service with one of each: two notes in a frame, a tab, wide characters, a cut line, a fix."""
import asyncio


async def fetch(url):
    await asyncio.sleep(0)
    if not url:
        raise ValueError("empty")
    return {"url": url}


async def poll(urls):
    while True:
        try:
            for url in urls:
                await fetch(url)

                # A gap that the frame cuts.

                print("polled")
        except asyncio.CancelledError:
            print("stopped")


async def gather_all(urls):
	results = await asyncio.gather(*(fetch(u) for u in urls), return_exceptions=True)
	return [r["url"] for r in results if not isinstance(r, Exception)]


async def main():
    "寿司"; asyncio.create_task(poll(["a"]))
    fetch("b")
