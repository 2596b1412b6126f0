"""Programs of several tasks, which hold them, wait for them and look at how they ended."""

import asyncio


async def _work(delay=1.0, value=None):
    await asyncio.sleep(delay)
    return value


def _failures(results):
    return [type(result).__name__ for result in results if isinstance(result, BaseException)]


async def _stop(*tasks):
    for task in tasks:
        task.cancel()
    return _failures(await asyncio.gather(*tasks, return_exceptions=True))


async def gathers_and_checks():
    return _failures(await asyncio.gather(_work(1), _work(2), _work(3), return_exceptions=True))


async def gathers_and_stops_the_rest():
    tasks = [asyncio.ensure_future(_work(delay, delay)) for delay in (1, 2, 3)]
    try:
        return sum(await asyncio.gather(*tasks))
    finally:
        await _stop(*tasks)


async def takes_them_as_they_come():
    tasks = [asyncio.ensure_future(_work(delay, delay)) for delay in (3, 1, 2)]
    try:
        return [await task for task in asyncio.as_completed(tasks)]
    finally:
        await _stop(*tasks)


async def takes_the_first():
    tasks = {asyncio.ensure_future(_work(delay, delay)) for delay in (3, 1, 2)}
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return [task.result() for task in done]
    finally:
        await _stop(*tasks)


async def works_off_a_queue():
    queue, done = asyncio.Queue(2), []

    async def consume():
        while True:
            number = await queue.get()
            try:
                await asyncio.sleep(0.5)
                done.append(number)
            finally:
                queue.task_done()

    async def produce():
        for number in range(6):
            await queue.put(number)

    consumers = [asyncio.ensure_future(consume()) for _ in range(2)]
    try:
        await produce()
        await queue.join()
    finally:
        await _stop(*consumers)
    return len(done)


async def takes_turns_at_a_lock():
    lock, order = asyncio.Lock(), []

    async def turn(number):
        async with lock:
            await asyncio.sleep(1)
            order.append(number)

    return _failures(await asyncio.gather(*map(turn, range(3)), return_exceptions=True)), order


async def limits_itself_by_a_semaphore():
    semaphore = asyncio.Semaphore(2)

    async def limited(number):
        async with semaphore:
            await asyncio.sleep(1)
            return number

    return _failures(await asyncio.gather(*map(limited, range(5)), return_exceptions=True))


async def waits_on_a_condition():
    condition, items = asyncio.Condition(), []

    async def consume():
        async with condition:
            while not items:
                await condition.wait()
            return items.pop()

    async def produce():
        await asyncio.sleep(1)
        async with condition:
            items.append(1)
            condition.notify()

    consumer = asyncio.ensure_future(asyncio.wait_for(consume(), 10))
    return _failures(await asyncio.gather(consumer, produce(), return_exceptions=True))


async def keeps_background_tasks():
    background, failures = set(), []

    def finished(task):
        background.discard(task)
        if not task.cancelled() and task.exception():
            failures.append(task.exception())

    for delay in (1, 2, 3):
        task = asyncio.ensure_future(_work(delay))
        background.add(task)
        task.add_done_callback(finished)
    try:
        await _work(2.5)
    finally:
        await _stop(*background)
    return len(failures)


async def beats_until_it_is_told_to_stop():
    stop, beats = asyncio.Event(), []

    async def beat():
        while not stop.is_set():
            beats.append(asyncio.get_running_loop().time())
            try:
                await asyncio.wait_for(stop.wait(), 1)
            except asyncio.TimeoutError:
                continue

    heart = asyncio.ensure_future(beat())
    try:
        await _work(3.5)
        stop.set()
        await heart
    finally:
        await _stop(heart)
    return len(beats)


async def polls():
    state = {"is_done": False}

    async def finish():
        try:
            await _work(0.3)
        finally:
            state["is_done"] = True

    task = asyncio.ensure_future(finish())
    try:
        while not state["is_done"]:
            await asyncio.sleep(0)
    finally:
        await _stop(task)


async def waits_for_a_callback():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    timer = loop.call_later(2, future.set_result, "called")
    try:
        return await future
    finally:
        timer.cancel()


async def nests_tasks():
    async def inner():
        return await asyncio.ensure_future(_work(1, 1))

    async def outer():
        task = asyncio.ensure_future(inner())
        try:
            return await task
        finally:
            await _stop(task)

    return _failures(await asyncio.gather(outer(), return_exceptions=True))


def runs_twice():
    first = asyncio.run(_work(1, 1))
    return first + asyncio.run(_work(2, 2))
