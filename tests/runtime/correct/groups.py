"""Task groups, timeouts and eager tasks, which came with 3.11 and 3.12; nothing may be said of them."""

import asyncio
import sys


async def fail():
    await asyncio.sleep(0.01)
    raise ValueError


async def succeeds():
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.sleep(0.01))
        group.create_task(asyncio.sleep(0))


async def fails():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())
            group.create_task(asyncio.sleep(10))
            await asyncio.sleep(10)
    except ExceptionGroup:
        pass
    await asyncio.sleep(0.01)


async def times_out():
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(10)
    except TimeoutError:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0)


async def takes_it_back():
    async def stubborn():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            asyncio.current_task().uncancel()
        await asyncio.sleep(0.01)

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    task.cancel()
    await task


async def is_cancelled_in_a_group():
    async def group():
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(10))
            await asyncio.sleep(0)

    task = asyncio.create_task(group())
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()


async def runs_eagerly():
    if sys.version_info < (3, 12):
        return
    loop = asyncio.get_running_loop()
    loop.set_task_factory(asyncio.eager_task_factory)

    async def outer():
        return await asyncio.create_task(asyncio.sleep(0, "inner"))

    assert await asyncio.create_task(outer()) == "inner"
    await asyncio.gather(*(asyncio.create_task(asyncio.sleep(0.01)) for _ in range(3)))


if sys.version_info >= (3, 11):
    for program in (succeeds, fails, times_out, takes_it_back, is_cancelled_in_a_group, runs_eagerly):
        asyncio.run(program())
