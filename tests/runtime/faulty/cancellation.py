"""Tasks that lose a cancellation, each in its own way."""

import asyncio
import contextlib

kept_errors = []


async def cancel_soon(coroutine, patience=0.2):
    """Starts the coroutine as a task, cancels it while it waits, and waits for it with some patience."""
    task = asyncio.create_task(coroutine)
    await asyncio.sleep(0.01)
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=patience)
    while not done:
        task.cancel()
        done, _ = await asyncio.wait({task}, timeout=patience)
    if not task.cancelled():
        task.exception()


async def returns_in_handler():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:  # expect: cancel-swallowed
        return "stopped"


async def falls_out_of_handler():
    try:
        await asyncio.sleep(10)
    except BaseException:  # expect: cancel-swallowed
        pass


async def bare_handler():
    try:
        await asyncio.sleep(10)
    except:  # expect: cancel-swallowed
        kept_errors.clear()


async def loops_on():
    for _ in range(3):
        try:
            await asyncio.sleep(0.05)
        except asyncio.CancelledError:  # expect: cancel-swallowed
            continue


async def returns_in_finally():
    try:
        await asyncio.sleep(10)
    finally:
        return None  # expect: cancel-swallowed


async def suppresses():
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(10)  # caught: cancel-swallowed
    await asyncio.sleep(0.01)


class Forgiving:
    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, traceback):
        await asyncio.sleep(0)
        return True


async def exit_forgives():
    async with Forgiving():
        await asyncio.sleep(10)  # caught: cancel-swallowed


async def awaits_and_does_not_raise():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:  # expect: cancel-swallowed
        await asyncio.sleep(0.01)


async def swallows_deep_inside():
    async def fetch():
        await asyncio.sleep(10)

    async def fetch_or_none():
        try:
            return await fetch()
        except asyncio.CancelledError:  # expect: cancel-swallowed
            return None

    await fetch_or_none()
    await asyncio.sleep(0.01)


async def numbers():
    for number in range(3):
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:  # expect: cancel-swallowed
            pass
        yield number


async def generator_swallows():
    async for _ in numbers():
        break


async def keeps_the_error():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError as error:  # expect: cancel-swallowed
        kept_errors.append(error)
    await asyncio.sleep(0.01)


async def cleans_up_then_swallows():
    async def inner():
        try:
            await asyncio.sleep(10)
        finally:
            await asyncio.sleep(0.01)

    try:
        await inner()
    except asyncio.CancelledError:  # expect: cancel-swallowed
        pass


class Unavailable(Exception):
    pass


async def converts():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        raise Unavailable("gone")  # caught: cancel-converted


async def cleanup_fails():
    try:
        await asyncio.sleep(10)
    finally:
        raise KeyError("cleanup")  # caught: cancel-converted


async def stop(worker):
    worker.cancel()
    try:
        await worker
    except asyncio.CancelledError:  # expect: cancel-lost-in-join
        pass


async def joins():
    async def slow_to_stop():
        try:
            await asyncio.sleep(10)
        finally:
            await asyncio.sleep(0.05)

    worker = asyncio.create_task(slow_to_stop())
    await asyncio.sleep(0)
    await stop(worker)


PROGRAMS = [
    returns_in_handler,
    falls_out_of_handler,
    bare_handler,
    loops_on,
    returns_in_finally,
    suppresses,
    exit_forgives,
    awaits_and_does_not_raise,
    swallows_deep_inside,
    generator_swallows,
    keeps_the_error,
    cleans_up_then_swallows,
    converts,
    cleanup_fails,
    joins,
]

for program in PROGRAMS:
    asyncio.run(cancel_soon(program()))
