"""What there is from Python 3.11 on."""

import asyncio


async def _work(delay=1.0, value=None):
    await asyncio.sleep(delay)
    return value


async def runs_a_group():
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_work(delay, delay)) for delay in (1, 2, 3)]
    return sum(task.result() for task in tasks)


async def nests_groups():
    async def both():
        async with asyncio.TaskGroup() as inner:
            inner.create_task(_work(1))
            inner.create_task(_work(2))

    async with asyncio.TaskGroup() as group:
        group.create_task(both())
        group.create_task(_work(3))


async def sets_a_limit():
    try:
        async with asyncio.timeout(2):
            await _work(10)
    except TimeoutError:
        return "late"


async def sets_limits_within_limits():
    async with asyncio.timeout(10):
        for _ in range(3):
            try:
                async with asyncio.timeout(1):
                    await _work(5)
            except TimeoutError:
                continue
    return "done"


async def takes_a_request_back():
    task = asyncio.current_task()
    asyncio.get_running_loop().call_later(1, task.cancel)
    try:
        await _work(10)
    except asyncio.CancelledError:
        if task.uncancel() > 0:
            raise
    return "went on"


async def joins_and_looks_whose_it_was():
    child = asyncio.ensure_future(_work(10))
    try:
        await asyncio.sleep(1)
    finally:
        child.cancel()
        try:
            await child
        except asyncio.CancelledError:
            if asyncio.current_task().cancelling():
                raise
        except Exception:
            pass
