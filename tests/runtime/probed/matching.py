"""The same with match, which asks nobody when it matches a class."""

import asyncio


async def _job(value):
    await asyncio.sleep(value)
    return value


def _both():
    return asyncio.gather(_job(1), _job(2), return_exceptions=True)


async def any_exception():
    total = 0
    for result in await _both():
        match result:
            case BaseException():
                print("failed")
            case value:
                total += value
    return total


async def the_value_first():
    total = 0
    for result in await _both():
        match result:
            case int(value):
                total += value
            case _:
                print("failed")
    return total


_failures = 0


async def counted_where_nobody_sees_it():
    global _failures
    for result in await _both():
        match result:
            case BaseException():
                _failures += 1


async def values_are_shown():
    for result in await _both():
        match result:
            case Exception():
                print("failed")
            case value:
                print(value)
