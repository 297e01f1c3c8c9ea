"""Times from the rename of a file into the inbox until its receipt appears: documents are published and their folder flushed before it."""
import ctypes
import os
import select
import struct
import subprocess
import sys
import time

IN_MOVED_TO, IN_CREATE = 0x80, 0x100


class Watch:
    def __init__(self, folder):
        libc = ctypes.CDLL(None, use_errno=True)
        self.descriptor = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if libc.inotify_add_watch(self.descriptor, str(folder).encode(), IN_MOVED_TO | IN_CREATE) < 0:
            raise OSError(ctypes.get_errno(), str(folder))

    def wait(self, seconds):
        ready, _, _ = select.select([self.descriptor], [], [], seconds)
        if not ready:
            raise SystemExit("latency: no receipt appeared in time")
        now = time.perf_counter()
        os.read(self.descriptor, 65536)
        return now

    def close(self):
        os.close(self.descriptor)


def latencies(binary, folder, generator, orders, files, scratch):
    """Milliseconds for each of `files` drops of `orders` new orders, into a gateway that is at work."""
    everything = scratch / "latency.csv"
    with open(everything, "wb") as out:
        subprocess.run([sys.executable, generator, str(orders * (files + 5))], stdout=out, check=True)
    drops = split(everything.read_text(encoding="utf-8"), orders)
    receipts = folder / "outbox/merchants/demo/receipts"
    inbox = folder / "inbox/merchants/demo/shopify"
    gateway = subprocess.Popen([binary, "run", "-w", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.time() + 10
        while not receipts.exists() and time.time() < deadline:
            time.sleep(0.01)
        time.sleep(0.5)
        watch = Watch(receipts)
        samples = []
        for n, text in enumerate(drops[: files + 5]):
            part = inbox / ".part"
            part.write_text(text, encoding="utf-8")
            start = time.perf_counter()
            os.rename(part, inbox / f"drop{n}.csv")
            samples.append((watch.wait(10) - start) * 1000)
            time.sleep(0.02)
            try:
                os.read(watch.descriptor, 65536)
            except BlockingIOError:
                pass
        watch.close()
        return samples[5:]
    finally:
        gateway.terminate()
        gateway.wait()


def split(text, orders):
    """The file as several files of `orders` orders each, the header in each. Records with line ends in cells stay whole."""
    import csv
    import io

    rows = list(csv.reader(io.StringIO(text, newline="")))
    header, out, current, seen = rows[0], [], [], []
    for row in rows[1:]:
        if not seen or row[0] != seen[-1]:
            if len(seen) == orders:
                out.append(current)
                current, seen = [], []
            seen.append(row[0])
        current.append(row)
    out.append(current)
    texts = []
    for part in out:
        target = io.StringIO(newline="")
        csv.writer(target, lineterminator="\n").writerows([header] + part)
        texts.append(target.getvalue())
    return texts
