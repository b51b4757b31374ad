"""What deliveries are measured beside, each as a process of its own that the bench starts.

``bare ADDRESS THREADS`` sends the payloads on its input with the HTTP library of the tool and nothing else;
``empty-jobs DATABASE CONCURRENCY COUNT`` lets procrastinate do jobs that do nothing, and prints how many a second.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import procrastinate
import urllib3

_HEADERS = {"Content-Type": "application/vnd.ims.lis.v1.score+json", "Authorization": "Bearer token"}


def send(address: str, threads: int) -> None:
    """Send scores as fast as the client and the platform can."""
    pool = urllib3.HTTPConnectionPool(address.split("//")[1].split(":")[0], int(address.rpartition(":")[2]), threads)

    def post(item: tuple[str, str]) -> None:
        answer = pool.request("POST", item[0], body=item[1].encode(), headers=_HEADERS, retries=False)
        if answer.status != 200:
            raise SystemExit(f"The platform answered {answer.status}.")

    with ThreadPoolExecutor(threads) as executor:
        for _ in executor.map(post, json.load(sys.stdin)):
            pass


async def do_empty_jobs(database: str, concurrency: int, count: int) -> float:
    """Let a worker like ours do jobs that do nothing, in threads, and give the jobs per second."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(concurrency + 1))
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=database, min_size=1, max_size=4))
    times: list[float] = []

    @app.task(name="bench_nothing", queue="bench")
    def nothing(number: int) -> None:
        times.append(time.perf_counter())

    async with app.open_async():
        for start in range(0, count, 500):
            jobs = [{"number": number} for number in range(start, min(start + 500, count))]
            await nothing.batch_defer_async(*jobs)
        await app.run_worker_async(queues=["bench"], concurrency=concurrency, wait=False, delete_jobs="always")
    if len(times) != count:
        raise SystemExit(f"{len(times)} of {count} jobs were done.")
    return (count - 1) / (times[-1] - times[0])


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        send(sys.argv[2], int(sys.argv[3]))
    else:
        print(asyncio.run(do_empty_jobs(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
