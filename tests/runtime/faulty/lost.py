"""Coroutines that nobody awaits, tasks that nobody holds, errors that nobody looks at."""

import asyncio
import gc


async def notify(who):
    await asyncio.sleep(0)
    return who


async def fail():
    await asyncio.sleep(0)
    raise ValueError("lost")


async def forgets_await():
    notify("alice")  # expect: coroutine-never-awaited


async def forgets_in_a_list():
    pending = [notify(name) for name in "ab"]  # expect: coroutine-never-awaited
    pending.clear()
    await asyncio.sleep(0)


async def fire_and_forget():
    asyncio.create_task(asyncio.sleep(0.02))  # expect: task-unreferenced
    await asyncio.sleep(0.05)


async def fire_in_the_background():
    def start():
        background = asyncio.ensure_future(asyncio.sleep(0.02))  # expect: task-unreferenced
        background.set_name("background") if hasattr(background, "set_name") else None

    start()
    await asyncio.sleep(0.05)


async def by_the_loop():
    asyncio.get_running_loop().create_task(notify("bob"))  # expect: task-unreferenced
    await asyncio.sleep(0.05)


async def vanishes():
    async def waits_for_itself():
        await asyncio.Event().wait()

    asyncio.create_task(  # expect: task-unreferenced, task-destroyed-pending
        waits_for_itself()
    )
    await asyncio.sleep(0.01)
    gc.collect()


async def never_looks():
    task = asyncio.create_task(fail())  # expect: exception-never-retrieved
    await asyncio.wait({task})


async def never_looks_at_several():
    tasks = {asyncio.create_task(fail()) for _ in range(2)}  # expect: exception-never-retrieved
    await asyncio.wait(tasks)


async def main_of(program):
    await program()
    gc.collect()


for program in (
    forgets_await,
    forgets_in_a_list,
    fire_and_forget,
    fire_in_the_background,
    by_the_loop,
    vanishes,
    never_looks,
    never_looks_at_several,
):
    asyncio.run(main_of(program))
