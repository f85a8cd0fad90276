"""reads_nothing.py PORT COUNT: opens so many connections to this machine, sends what comes on standard input over each, and
reads none of the answers; of them the system takes as little as it can. Says "asked" and stays until it is ended."""
import select
import socket
import sys
import time

request = sys.stdin.buffer.read()
held = []
for _ in range(int(sys.argv[2])):
    each = socket.socket()
    each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    each.setblocking(False)
    each.connect_ex(("127.0.0.1", int(sys.argv[1])))
    held.append(each)
until = time.monotonic() + 10
waiting = {each.fileno(): each for each in held}
poll = select.poll()
for number in waiting:
    poll.register(number, select.POLLOUT)
while waiting and time.monotonic() < until:
    for number, _ in poll.poll(100):
        try:
            waiting[number].send(request)
        except OSError:
            pass
        poll.unregister(number)
        del waiting[number]
print("asked", flush=True)
time.sleep(60)
