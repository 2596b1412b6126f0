"""Programs that lose tasks, or wait for ever, once one of their tasks is cancelled or fails."""

import asyncio
import time


async def worker_dies_with_its_item():
    queue = asyncio.Queue()
    for number in range(3):
        queue.put_nowait(number)

    async def consume():
        while True:
            await queue.get()  # caught: hung
            await asyncio.sleep(1)
            queue.task_done()

    consumers = [asyncio.ensure_future(consume()) for _ in range(2)]
    await queue.join()  # caught: hung
    for consumer in consumers:
        consumer.cancel()
    await asyncio.gather(*consumers, return_exceptions=True)


async def nobody_sets_the_event():
    event = asyncio.Event()

    async def prepare():
        await asyncio.sleep(1)
        event.set()

    task = asyncio.ensure_future(prepare())
    await event.wait()  # caught: hung
    await task


async def polls_for_what_never_comes():
    state = {}

    async def fill():
        await asyncio.sleep(1)
        state["value"] = 1

    task = asyncio.ensure_future(fill())
    while "value" not in state:
        await asyncio.sleep(0.5)  # caught: hung
    await task


async def leaves_its_helper():
    async def help_out():
        await asyncio.sleep(100)  # caught: task-leaked

    async def handle():
        helper = asyncio.ensure_future(help_out())
        await asyncio.sleep(1)
        helper.cancel()
        await asyncio.gather(helper, return_exceptions=True)

    handler = asyncio.ensure_future(handle())
    await asyncio.wait([handler])
    return handler.cancelled() or handler.exception()


async def leaves_the_siblings():
    async def fetch(delay):
        await asyncio.sleep(delay)

    try:
        await asyncio.gather(fetch(1), fetch(5))  # caught: siblings-left-running
    except Exception:
        pass
    await asyncio.sleep(2)


async def never_looks():
    async def fetch(delay):
        await asyncio.sleep(delay)

    tasks = [asyncio.ensure_future(fetch(delay)) for delay in (1, 2)]  # caught: exception-never-retrieved
    await asyncio.wait(tasks)


async def blocks_the_loop():
    await asyncio.sleep(1)
    time.sleep(2)  # caught: blocking-call
