"""Programs that keep their promises wherever they are cancelled and whichever of their tasks fails."""

import asyncio
import contextlib


async def _work(delay=1.0, value=None):
    await asyncio.sleep(delay)
    return value


class _Connection:
    def __init__(self):
        self.is_open = True

    async def __aenter__(self):
        await asyncio.sleep(0.1)
        return self

    async def __aexit__(self, kind, error, traceback):
        await self.close()

    async def close(self):
        await asyncio.sleep(0.1)
        self.is_open = False


async def cleans_up_and_waits():
    connection = _Connection()
    try:
        await _work()
    finally:
        await connection.close()
    return connection.is_open


async def raises_again():
    try:
        await _work()
    except asyncio.CancelledError:
        await asyncio.sleep(0.5)
        raise


async def enters_a_context():
    async with _Connection() as connection:
        await _work()
        return connection.is_open


async def leaves_a_stack():
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(3):
            await stack.enter_async_context(_Connection())
        await _work()


@contextlib.asynccontextmanager
async def _connected():
    connection = _Connection()
    try:
        yield connection
    finally:
        await connection.close()


async def leaves_a_generator_of_contexts():
    async with _connected():
        await _work()


async def _numbers():
    try:
        for number in range(4):
            await asyncio.sleep(0.5)
            yield number
    finally:
        await asyncio.sleep(0.1)


async def reads_a_generator():
    total = 0
    async for number in _numbers():
        total += number
    return total


async def leaves_a_generator_early():
    generator = _numbers()
    try:
        async for number in generator:
            if number == 2:
                return number
    finally:
        await generator.aclose()


async def times_out():
    try:
        await asyncio.wait_for(_work(10), 2)
    except asyncio.TimeoutError:
        return "late"


async def comes_in_time():
    return await asyncio.wait_for(_work(1, "here"), 2)


async def shields_what_must_be_done():
    saving = asyncio.ensure_future(_work(1, "saved"))
    try:
        return await asyncio.shield(saving)
    except asyncio.CancelledError:
        await saving
        raise


async def stops_its_worker():
    async def spin():
        while True:
            await asyncio.sleep(0.25)

    worker = asyncio.ensure_future(spin())
    try:
        await _work()
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


async def tries_again():
    for attempt in range(3):
        try:
            await asyncio.wait_for(_work(2 - attempt), 0.5 + attempt)
            return attempt
        except asyncio.TimeoutError:
            continue


async def waits_for_an_event():
    event = asyncio.Event()
    asyncio.get_running_loop().call_later(2, event.set)
    await asyncio.wait_for(event.wait(), 5)
    return event.is_set()
