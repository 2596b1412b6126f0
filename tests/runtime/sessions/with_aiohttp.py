"""Sessions of aiohttp: those that are made for each call or never closed, and those that are shared."""

import asyncio
import warnings

warnings.simplefilter("ignore")

import aiohttp  # noqa: E402


async def answer(reader, writer):
    try:
        while True:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    except asyncio.IncompleteReadError:
        writer.close()


async def text_of(session, url):
    async with session.get(url) as response:
        return await response.text()


async def makes_its_own(url):
    async with aiohttp.ClientSession() as session:  # expect: session-per-call
        return await text_of(session, url)


class Api(aiohttp.ClientSession):
    def __init__(self, url):
        super().__init__()
        self.url = url


class Quick(Api):
    def __init__(self, url):
        Api.__init__(self, url)


async def subclasses(url):
    session = Quick(url)  # expect: session-per-call
    await text_of(session, url)
    await session.close()


async def forgets_to_close(url):
    session = aiohttp.ClientSession()  # expect: resource-unclosed
    await text_of(session, url)
    await text_of(session, url)


async def never_uses():
    aiohttp.ClientSession()  # expect: resource-unclosed


kept = []


async def keeps_and_forgets(url):
    kept.append(aiohttp.ClientSession())  # expect: resource-unclosed
    await text_of(kept[0], url)


# Nothing is to be said of what follows.


def new_session():
    return aiohttp.ClientSession()


async def makes_one(url):
    session = new_session()
    for _ in range(4):
        await text_of(session, url)
    await session.close()


async def uses_each_often(url):
    for _ in range(2):
        async with aiohttp.ClientSession() as session:
            await asyncio.gather(*(text_of(session, url) for _ in range(4)))


async def closes_the_connector(url):
    session = aiohttp.ClientSession()
    await text_of(session, url)
    await session.connector.close()


async def hands_the_connector_over(url):
    session = aiohttp.ClientSession()
    connector = session.connector
    session.detach()
    other = aiohttp.ClientSession(connector=connector)
    await text_of(other, url)
    await other.close()


async def makes_none():
    try:
        aiohttp.ClientSession(no_such_argument=True)
    except TypeError:
        pass


async def lets_the_library_make_it(url):
    for _ in range(3):
        async with aiohttp.request("GET", url) as response:
            await response.text()


async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = "http://127.0.0.1:%d/" % server.sockets[0].getsockname()[1]
    for _ in range(3):
        await makes_its_own(url)
        await subclasses(url)
    await forgets_to_close(url)
    await never_uses()
    await keeps_and_forgets(url)
    await makes_one(url)
    await uses_each_often(url)
    await closes_the_connector(url)
    await hands_the_connector_over(url)
    await makes_none()
    await lets_the_library_make_it(url)
    server.close()


asyncio.run(main())
