"""Clients that a sweep disturbs, without a network. Each function without an underscore in front is a program."""

import aiohttp
import httpx


async def _text(session, url):
    async with session.get(url) as response:
        return await response.text()


async def shared_by_all():
    async with aiohttp.ClientSession() as session:
        return [await _text(session, "https://no.such.example/%d" % i) for i in range(3)]


async def shared_client():
    async with httpx.AsyncClient() as client:
        return [(await client.get("https://no.such.example/%d" % i)).json() for i in range(3)]


async def closed_in_any_case():
    session = aiohttp.ClientSession()
    try:
        return await _text(session, "https://no.such.example")
    finally:
        await session.close()


async def closed_if_all_goes_well():
    session = aiohttp.ClientSession()  # expect: resource-unclosed
    text = await _text(session, "https://no.such.example")
    await session.close()
    return text


async def client_closed_if_all_goes_well():
    client = httpx.AsyncClient()  # expect: resource-unclosed
    response = await client.get("https://no.such.example")
    await client.aclose()
    return response.text


async def one_for_each():
    async def fetch(number):
        async with aiohttp.ClientSession() as session:  # expect: session-per-call
            return await _text(session, "https://no.such.example/%d" % number)

    return [await fetch(number) for number in range(3)]
