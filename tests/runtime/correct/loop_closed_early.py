"""A task that is left behind when its loop is closed: it would not have gone on, whoever held it."""
import asyncio
import gc


async def wait():
    await asyncio.Event().wait()


async def start():
    task = asyncio.ensure_future(wait())
    await asyncio.sleep(0)
    return task


loop = asyncio.new_event_loop()
left = loop.run_until_complete(start())
loop.close()
del left
gc.collect()
