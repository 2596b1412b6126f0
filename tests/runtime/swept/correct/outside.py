"""Programs that wait for threads, processes and sockets: for what no virtual clock can hurry."""

import asyncio
import sys
import time


async def works_in_an_executor():
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, sum, range(1000))


async def sleeps_in_an_executor():
    loop = asyncio.get_running_loop()
    await asyncio.wait_for(loop.run_in_executor(None, time.sleep, 0.05), 5)


async def starts_a_process():
    process = await asyncio.create_subprocess_exec(sys.executable, "-S", "-c", "print(6 * 7)", stdout=asyncio.subprocess.PIPE)
    try:
        out, _ = await asyncio.wait_for(process.communicate(), 20)
        return out
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def talks_over_sockets():
    async def serve(reader, writer):
        try:
            while True:
                line = await reader.readline()
                if not line:
                    break
                writer.write(line.upper())
                await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        try:
            answers = []
            for word in (b"one\n", b"two\n"):
                writer.write(word)
                await writer.drain()
                answers.append(await reader.readline())
            return answers
        finally:
            writer.close()
    finally:
        server.close()
        await server.wait_closed()


async def is_called_from_a_thread():
    import threading

    loop = asyncio.get_running_loop()
    event = asyncio.Event()

    def call():
        time.sleep(0.05)
        loop.call_soon_threadsafe(event.set)

    thread = threading.Thread(target=call)
    thread.start()
    try:
        await asyncio.wait_for(event.wait(), 10)
    finally:
        thread.join()
    return event.is_set()
