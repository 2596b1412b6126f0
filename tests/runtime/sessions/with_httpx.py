"""Clients of httpx: those that are made for each call or never closed, and those that are shared."""

import asyncio
import atexit
import warnings

warnings.simplefilter("ignore")


async def answer(reader, writer):
    try:
        while True:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    except asyncio.IncompleteReadError:
        writer.close()


async def makes_its_own(url):
    import httpx

    async with httpx.AsyncClient() as client:  # expect: session-per-call
        return (await client.get(url)).text


async def forgets_to_close(url):
    import httpx

    client = httpx.AsyncClient()  # expect: session-per-call, resource-unclosed
    async with client.stream("GET", url) as response:
        await response.aread()


# Nothing is to be said of what follows.


async def makes_one(url):
    import httpx

    client = httpx.AsyncClient()
    for _ in range(4):
        await client.post(url, json={})
    await client.aclose()


async def never_uses():
    import httpx

    httpx.AsyncClient()


kept = []


async def closes_at_exit(url):
    import httpx

    kept.append(httpx.AsyncClient())
    await kept[0].get(url)
    atexit.register(lambda: asyncio.run(kept[0].aclose()))


async def uses_the_application():
    import httpx

    def application(request):
        return httpx.Response(200)

    async with httpx.AsyncClient(transport=httpx.MockTransport(application)) as client:
        for _ in range(2):
            await client.get("http://test/")


async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = "http://127.0.0.1:%d/" % server.sockets[0].getsockname()[1]
    for _ in range(2):
        await makes_its_own(url)
        await forgets_to_close(url)
    await makes_one(url)
    await never_uses()
    await closes_at_exit(url)
    await uses_the_application()
    server.close()


asyncio.run(main())
