"""Programs that lose a cancellation, which only a cancelled run shows. What is said of a program is marked in it."""

import asyncio
import contextlib


async def returns_in_handler():
    try:
        await asyncio.sleep(1)
    except asyncio.CancelledError:  # expect: cancel-swallowed
        return "stopped"


async def loops_on():
    async def worker():
        for _ in range(3):
            try:
                await asyncio.sleep(1)
            except asyncio.CancelledError:  # expect: cancel-swallowed
                continue

    return await asyncio.gather(worker(), return_exceptions=True)


async def catches_everything():
    async def worker():
        for _ in range(2):
            try:
                await asyncio.sleep(1)
            except:  # expect: cancel-swallowed
                pass

    return await asyncio.gather(worker(), return_exceptions=True)


async def returns_in_finally():
    try:
        await asyncio.sleep(1)
    finally:
        return "done"  # expect: cancel-swallowed


async def suppresses():
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(1)  # caught: cancel-swallowed
    await asyncio.sleep(0)


class _Forgiving:
    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, traceback):
        return True


async def exit_forgives():
    async with _Forgiving():
        await asyncio.sleep(1)  # caught: cancel-swallowed
    await asyncio.sleep(0)


async def cleans_up_but_does_not_raise():
    try:
        await asyncio.sleep(1)
    except asyncio.CancelledError:  # expect: cancel-swallowed
        await asyncio.sleep(0.5)


async def forgets_deep_inside():
    async def fetch():
        await asyncio.sleep(1)
        return 1

    async def fetch_or_none():
        try:
            return await fetch()
        except BaseException:  # expect: cancel-swallowed
            return None

    return [await fetch_or_none() for _ in range(3)]


async def forgets_in_a_generator():
    async def numbers():
        for number in range(2):
            try:
                await asyncio.sleep(1)
            except asyncio.CancelledError:  # expect: cancel-swallowed
                pass
            yield number

    return [number async for number in numbers()]


async def converts():
    try:
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        raise LookupError("gone")  # caught: cancel-converted


async def cleanup_fails():
    try:
        await asyncio.sleep(1)
    finally:
        await asyncio.wait_for(asyncio.sleep(2), 5)
        {}["key"] if asyncio.current_task().get_name() == "never" else None


async def loses_its_own_in_a_join():
    async def slow_to_stop():
        try:
            await asyncio.sleep(10)
        finally:
            await asyncio.sleep(0.5)

    worker = asyncio.ensure_future(slow_to_stop())
    try:
        await asyncio.sleep(1)
    finally:
        worker.cancel()
        try:
            await worker
        except asyncio.CancelledError:  # expect: cancel-lost-in-join
            pass
        except Exception:
            pass


async def cannot_be_stopped():
    async def stubborn():
        while True:
            try:
                await asyncio.sleep(1)  # caught: cancel-ignored
            except asyncio.CancelledError:  # expect: cancel-swallowed
                pass

    worker = asyncio.ensure_future(stubborn())
    await asyncio.sleep(3)
    return worker.done()
