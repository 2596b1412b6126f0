"""Requests get their answer without a network."""

import asyncio

import httpx


async def main():
    async with httpx.AsyncClient() as client:
        for name in ("GET", "POST", "DELETE"):
            response = await client.request(name, "https://no.such.example/x?y=1")
            response.raise_for_status()
            assert response.json() == {}
        async with client.stream("POST", "https://no.such.example", json={"a": 1}) as response:
            assert await response.aread() == b"{}"
        responses = await asyncio.gather(*(client.get("http://a.example") for _ in range(150)))
        assert {response.text for response in responses} == {"{}"}


asyncio.run(main())
