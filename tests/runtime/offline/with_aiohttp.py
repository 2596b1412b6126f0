"""Requests of all kinds get their answer without a network."""

import asyncio
import warnings

warnings.simplefilter("ignore")

import aiohttp  # noqa: E402


async def methods(session):
    for name in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        async with session.request(name, "https://no.such.example/x?y=1") as response:
            assert response.status == 200 and await response.json() == {}
    async with session.head("https://no.such.example/") as response:
        assert await response.read() == b""


async def bodies(session):
    async def pieces():
        for _ in range(3):
            yield b"POST / HTTP"
            await asyncio.sleep(0)

    form = aiohttp.FormData()
    form.add_field("file", b"x" * 300_000, filename="name")
    for body in (b"y" * 100_000, form, pieces()):
        response = await session.post("http://no.such.example", data=body)
        response.raise_for_status()
        assert await response.text() == "{}"


async def many_at_once(session):
    responses = await asyncio.gather(*(session.get("http://a.example/%d" % i) for i in range(150)))
    assert {await response.read() for response in responses} == {b"{}"}


async def no_websockets(session):
    try:
        await session.ws_connect("ws://no.such.example")
    except aiohttp.WSServerHandshakeError as error:
        assert error.status == 200


async def cancelled_on_the_way(session):
    task = asyncio.ensure_future(session.get("http://b.example"))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()


async def main():
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        await methods(session)
        await bodies(session)
        await many_at_once(session)
        await no_websockets(session)
        await cancelled_on_the_way(session)


asyncio.run(main())
