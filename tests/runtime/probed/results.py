"""What programs do with the results of gather(…, return_exceptions=True). Each function without an underscore in front is one."""

import asyncio
import json
import logging
import traceback

_log = logging.getLogger("results")
_log.addHandler(logging.NullHandler())
_log.propagate = False
_kept = []


async def _job(value):
    await asyncio.sleep(value)
    return value


async def _row(value):
    await asyncio.sleep(value)
    return {"value": value}


class _Item:
    def __init__(self, value):
        self.value = value


async def _item(value):
    await asyncio.sleep(value)
    return _Item(value)


def _both(job=_job):
    return asyncio.gather(job(1), job(2), return_exceptions=True)


# --- tests by isinstance ---------------------------------------------------------------------------


async def any_exception_is_left_out():
    return sum(result for result in await _both() if not isinstance(result, BaseException))


async def the_first_error_is_raised():
    for result in await _both():
        if isinstance(result, Exception):
            raise result
    return "done"


async def a_cancellation_has_a_test_of_its_own():
    total = 0
    for result in await _both():
        if isinstance(result, asyncio.CancelledError):
            raise result
        if isinstance(result, Exception):
            continue
        total += result
    return total


async def the_cancellation_is_asked_for_last():
    total = 0
    for result in await _both():
        if isinstance(result, Exception):
            print("failed")
        elif isinstance(result, BaseException):
            print("cancelled")
        else:
            total += result
    return total


async def several_classes():
    return [result for result in await _both() if not isinstance(result, (Exception, asyncio.CancelledError))]


async def a_class_of_values():
    return [result for result in await _both() if isinstance(result, int)]


async def errors_are_counted():
    errors = sum(isinstance(result, Exception) for result in await _both())
    return "bad" if errors else "good"


async def any_error():
    return any(isinstance(result, BaseException) for result in await _both())


async def another_name_for_isinstance():
    is_a = isinstance
    return [result for result in await _both() if not is_a(result, BaseException)]


def _is_error(result):
    return isinstance(result, BaseException)


async def a_function_tests():
    return list(filter(lambda result: not _is_error(result), await _both()))


async def tested_in_silence():
    for result in await _both():
        if isinstance(result, BaseException):
            pass


async def tested_by_another_task():
    queue = asyncio.Queue()

    async def consume():
        for _ in range(2):
            result = await queue.get()
            assert isinstance(result, (int, BaseException))

    consumer = asyncio.ensure_future(consume())
    for result in await _both():
        queue.put_nowait(result)
    await consumer


# --- other tests -----------------------------------------------------------------------------------


async def by_the_class_of_the_class():
    return [result for result in await _both() if not issubclass(type(result), BaseException)]


async def by_the_type_itself():
    return [type(result) is int for result in await _both()]


_odd = 0


async def counted_where_nobody_sees_it():
    global _odd
    for result in await _both():
        if type(result) is not int:
            _odd += 1


async def by_identity():
    return [result for result in await _both() if result is not None]


async def by_truth():
    return [bool(result) for result in await _both()]


async def by_equality():
    return [result == 1 for result in await _both()]


async def by_membership():
    return None in await _both()


async def by_order():
    return max(await _both())


# --- use -------------------------------------------------------------------------------------------


async def attributes():
    return sum(item.value for item in await _both(_item))


async def arithmetic():
    first, second = await _both()
    return first + second


async def subscripts():
    return [row["value"] for row in await _both(_row)]


async def iteration():
    return [key for row in await _both(_row) for key in row]


async def serialised():
    return json.dumps(await _both())


async def formatted():
    return "%s and %s" % tuple(await _both())


async def printed():
    print(*await _both())


async def printed_as_a_list():
    print(await _both())


async def logged():
    for result in await _both():
        _log.debug("got %s", result)


async def logged_together():
    _log.info("got %(results)s", {"results": await _both()})


async def errors_are_logged():
    for result in await _both():
        if isinstance(result, BaseException):
            _log.error("failed", exc_info=result)


async def told_to_the_loop():
    for result in await _both():
        if type(result) is not int:
            asyncio.get_running_loop().call_exception_handler({"message": "failed", "exception": result})


async def traced():
    for result in await _both():
        if type(result) is not int:
            traceback.format_exception(type(result), result, result.__traceback__)


async def raised_and_handled():
    for result in await _both():
        try:
            if type(result) is not int:
                raise result
        except (Exception, asyncio.CancelledError):
            pass


async def given_away():
    return await _both()


async def kept_for_later():
    _kept.extend(await _both())


async def awaited_later():
    gathering = _both()
    await asyncio.sleep(5)
    return [isinstance(result, BaseException) for result in await gathering]


async def with_a_timeout():
    return [isinstance(result, BaseException) for result in await asyncio.wait_for(_both(), 10)]


async def errors_are_not_gathered():
    try:
        return sum(await asyncio.gather(_job(1), _job(2)))
    except Exception:
        return "failed"


async def cancelled_before():
    tasks = [asyncio.ensure_future(_job(value)) for value in (10, 20)]
    await asyncio.sleep(1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


# --- faults ----------------------------------------------------------------------------------------


async def dropped():
    await asyncio.gather(_job(1), _job(2), return_exceptions=True)  # expect: gather-result-unchecked


async def dropped_in_a_task():
    async def work():
        await asyncio.gather(_job(1), _job(2), return_exceptions=True)  # expect: gather-result-unchecked
        return "done"

    return await asyncio.ensure_future(work())


async def only_counted():
    results = await asyncio.gather(_job(1), _job(2), return_exceptions=True)  # expect: gather-result-unchecked
    return len(results)


async def only_counted_as_a_set():
    results = await asyncio.gather(_job(1), _job(2), return_exceptions=True)  # expect: gather-result-unchecked
    return len(set(results))


async def only_the_first_is_tested():
    results = await asyncio.gather(  # expect: gather-result-unchecked
        _job(1),
        _job(2),
        return_exceptions=True,
    )
    return isinstance(results[0], BaseException)


async def cancelled_child_is_added():
    total = 0
    for result in await _both():
        if isinstance(result, Exception):  # expect: gather-cancelled-not-recognised
            continue
        total += result
    return total


async def cancelled_child_is_returned():
    return [
        result
        for result in await _both()
        if not isinstance(result, Exception)  # expect: gather-cancelled-not-recognised
    ]


async def cancelled_child_is_shown():
    for result in await _both():
        if isinstance(result, Exception):  # expect: gather-cancelled-not-recognised
            print("failed")
        else:
            print("got %s" % result)


async def cancelled_child_has_no_such_attribute():
    values = []
    for item in await _both(_item):
        if not isinstance(item, Exception):  # expect: gather-cancelled-not-recognised
            values.append(item.value)
    return values
