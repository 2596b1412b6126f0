"""Tasks that treat their cancellation well; nothing may be said of them."""

import asyncio
import contextlib


async def cancel_soon(coroutine):
    task = asyncio.create_task(coroutine)
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()


async def is_just_cancelled():
    await asyncio.sleep(10)


async def is_cancelled_before_it_starts():
    task = asyncio.create_task(asyncio.sleep(10))
    task.cancel()
    await asyncio.wait({task})
    await asyncio.sleep(10)


async def raises_again():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        raise


async def raises_again_after_cleanup():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        await asyncio.sleep(0.02)
        await asyncio.sleep(0)
        raise


async def cleans_up_in_finally():
    try:
        await asyncio.sleep(10)
    finally:
        await asyncio.sleep(0.01)
        await asyncio.gather(asyncio.sleep(0), asyncio.sleep(0))


async def raises_later():
    cancelled = False
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        cancelled = True
    await asyncio.sleep(0.01)
    if cancelled:
        raise asyncio.CancelledError


async def nested_cleanup():
    async def inner():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            try:
                await asyncio.sleep(0)
                raise ValueError("cleanup")
            except ValueError:
                await asyncio.sleep(0.01)
            raise

    try:
        await inner()
    finally:
        await asyncio.sleep(0.01)


class Connection:
    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, traceback):
        await asyncio.sleep(0.01)


async def closes_a_connection():
    async with Connection():
        await asyncio.sleep(10)


@contextlib.asynccontextmanager
async def connected():
    try:
        yield
    finally:
        await asyncio.sleep(0.01)


async def closes_by_generator():
    async with connected():
        await asyncio.sleep(10)


async def numbers():
    try:
        while True:
            await asyncio.sleep(10)
            yield 1
    finally:
        await asyncio.sleep(0.01)


async def reads_a_generator():
    async for _ in numbers():
        pass


async def joins_a_worker():
    worker = asyncio.create_task(asyncio.sleep(10))
    await asyncio.sleep(0)
    worker.cancel()
    try:
        await worker
    except asyncio.CancelledError:
        pass
    await asyncio.sleep(10)


async def meets_the_cancellation_of_another():
    future = asyncio.get_running_loop().create_future()
    future.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await future
    await asyncio.sleep(10)


async def times_out():
    try:
        await asyncio.wait_for(asyncio.sleep(10), 0.01)
    except asyncio.TimeoutError:
        await asyncio.sleep(0.01)
    await asyncio.sleep(10)


async def is_cancelled_in_a_timeout():
    await asyncio.wait_for(asyncio.sleep(10), 5)


async def shields():
    job = asyncio.ensure_future(asyncio.sleep(0.03))
    try:
        await asyncio.shield(job)
    except asyncio.CancelledError:
        await job
        raise


async def gathers():
    await asyncio.gather(asyncio.sleep(10), asyncio.sleep(10))


async def waits_for_a_lock():
    lock = asyncio.Lock()
    async with lock:
        async with lock:
            pass


async def waits_for_a_condition():
    condition = asyncio.Condition()
    async with condition:
        await condition.wait()


async def waits_for_a_queue():
    await asyncio.Queue().get()


async def handles_an_ordinary_error():
    try:
        raise LookupError
    except LookupError:
        pass
    await asyncio.sleep(10)


for program in (
    is_just_cancelled,
    is_cancelled_before_it_starts,
    raises_again,
    raises_again_after_cleanup,
    cleans_up_in_finally,
    raises_later,
    nested_cleanup,
    closes_a_connection,
    closes_by_generator,
    reads_a_generator,
    joins_a_worker,
    meets_the_cancellation_of_another,
    times_out,
    is_cancelled_in_a_timeout,
    shields,
    gathers,
    waits_for_a_lock,
    waits_for_a_condition,
    waits_for_a_queue,
    handles_an_ordinary_error,
):
    asyncio.run(cancel_soon(program()))
