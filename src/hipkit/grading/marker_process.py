"""A process that grades: it gets orders over a socket and answers on it, one at a time."""

import os
import queue
import socket
import threading
import traceback
from typing import Any

from hipkit.grading import provisioner, trusted_tests
from hipkit.grading.boundary import send
from hipkit.grading.feedback import FeedbackPages, Page
from hipkit.grading.fork_server import adopt
from hipkit.grading.marker import Failure, read, write
from hipkit.grading.marking import Marking


def serve(number: int, *lines: int) -> None:
    """Answer orders on the socket `number` until the other end is gone; then end at once, in the middle of one too.

    Args:
        number: descriptor of the line to whoever orders.
        lines: descriptors of the lines to the fork servers for kernels and for tests; none where only pages are made.
    """
    for entry, descriptor in zip((provisioner.ENTRY, trusted_tests.ENTRY), lines, strict=False):
        adopt(entry, descriptor)
    line = socket.socket(fileno=number)
    try:
        send(line, os.getpid())
    except OSError:  # whoever ordered was killed in this moment
        return
    orders: queue.Queue[Any] = queue.Queue()
    threading.Thread(target=_listen, args=(line, orders), daemon=True).start()
    assignment = orders.get()
    marking = pages = None
    while True:
        order = orders.get()
        try:
            marking = marking or Marking(
                assignment.slug, assignment.master, assignment.config, assignment.beside, assignment.contained
            )
            pages = pages or FeedbackPages(assignment.slug, assignment.config)
            answer = pages.render(order) if isinstance(order, Page) else marking.mark(order)
        except Exception:  # told to who asked
            answer = Failure(traceback.format_exc())
        write(line, answer)


def _listen(line: socket.socket, orders: queue.Queue) -> None:
    try:
        while True:
            orders.put(read(line))
    except (EOFError, OSError):
        os._exit(1)
