"""Tasks that somebody holds and looks at, and the library at work; nothing may be said of them."""

import asyncio
import concurrent.futures
import functools
import gc
import inspect
import sys


async def work(delay=0.01):
    await asyncio.sleep(delay)
    await asyncio.sleep(0)
    return delay


async def held_by_a_local():
    task = asyncio.create_task(work())
    await asyncio.sleep(0.05)
    assert await task == 0.01


async def held_by_a_set():
    tasks = set()
    for _ in range(3):
        task = asyncio.create_task(work())
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        del task
    await asyncio.sleep(0.05)


class Service:
    async def run(self):
        self.worker = asyncio.create_task(work())
        await asyncio.sleep(0.03)
        await self.worker


async def held_by_an_attribute():
    await Service().run()


async def awaited_at_once():
    await asyncio.create_task(work())
    await asyncio.gather(work(), work(), asyncio.create_task(work()))
    await asyncio.wait([asyncio.create_task(work()) for _ in range(2)])
    await asyncio.wait_for(work(), 1)
    await asyncio.wait_for(asyncio.create_task(work()), 1)
    await asyncio.shield(work())
    for next_done in asyncio.as_completed([work(), work(0.02)]):
        await next_done


async def errors_are_looked_at():
    async def fail():
        await asyncio.sleep(0)
        raise ValueError

    results = await asyncio.gather(fail(), work(), return_exceptions=True)
    assert isinstance(results[0], ValueError)
    task = asyncio.create_task(fail())
    await asyncio.wait({task})
    assert isinstance(task.exception(), ValueError)


async def a_task_is_what_it_was():
    task = asyncio.create_task(work())
    coroutine = task.get_coro()
    assert inspect.iscoroutine(coroutine) and coroutine.cr_code is work.__code__
    assert type(task) is asyncio.Task and isinstance(task, asyncio.Future)
    assert "work" in repr(task) and task in asyncio.all_tasks()
    assert task.get_stack()[0].f_code is work.__code__
    assert await task == 0.01 and asyncio.current_task() is not task

    class Named(asyncio.Task):
        pass

    loop = asyncio.get_running_loop()
    assert await Named(work(), loop=loop) == 0.01
    assert await asyncio.Task(coro=work(), loop=loop) == 0.01
    loop.set_task_factory(lambda loop, coro, **options: Named(coro, loop=loop))
    named = asyncio.create_task(work())
    assert type(named) is Named and await named == 0.01
    loop.set_task_factory(None)


async def returns_odd_values():
    async def give(value):
        await asyncio.sleep(0)
        return value

    for value in ((), (1, 2), ValueError("returned"), StopAsyncIteration(), None):
        assert await asyncio.create_task(give(value)) is value


async def works_in_threads():
    loop = asyncio.get_running_loop()
    with concurrent.futures.ThreadPoolExecutor(2) as executor:
        calls = [functools.partial(asyncio.run, work()) for _ in range(2)]
        assert await asyncio.gather(*(loop.run_in_executor(executor, call) for call in calls)) == [0.01] * 2


async def talks_over_sockets():
    async def serve(reader, writer):
        writer.write(await reader.readline())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"hello\n")
    assert await reader.readline() == b"hello\n"
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()


async def starts_processes():
    process = await asyncio.create_subprocess_exec(sys.executable, "-S", "-c", "print(1)", stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert out == b"1\n" and process.returncode == 0


async def works_off_a_queue():
    queue = asyncio.Queue(2)

    async def consume():
        while True:
            await queue.get()
            await asyncio.sleep(0)
            queue.task_done()

    consumers = [asyncio.create_task(consume()) for _ in range(2)]
    for number in range(10):
        await queue.put(number)
    await queue.join()
    for consumer in consumers:
        consumer.cancel()
    await asyncio.gather(*consumers, return_exceptions=True)


async def leaves_the_rest_to_run():
    """asyncio.run cancels and awaits what is left."""
    global left
    left = asyncio.create_task(asyncio.sleep(10))
    await asyncio.sleep(0)


async def ends_beside_a_worker():
    """When main has ended, the local that held the worker is gone; asyncio.run takes over."""

    async def spin():
        while True:
            await asyncio.sleep(0)

    worker = asyncio.create_task(spin())
    for _ in range(3):
        await asyncio.sleep(0)
    assert not worker.done()


for program in (
    ends_beside_a_worker,
    held_by_a_local,
    held_by_a_set,
    held_by_an_attribute,
    awaited_at_once,
    errors_are_looked_at,
    a_task_is_what_it_was,
    returns_odd_values,
    works_in_threads,
    talks_over_sockets,
    starts_processes,
    works_off_a_queue,
    leaves_the_rest_to_run,
):
    asyncio.run(program())
    gc.collect()
