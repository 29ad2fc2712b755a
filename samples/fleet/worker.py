"""A worker of a shop: answers orders that it makes up itself. From release 4.3 on it keeps each of them."""

import os
import signal

ORDERS = 20_000


class Orders:
    """What was ordered lately."""

    # The leak: nothing takes an order out again.
    history = []

    def add(self, order):
        Orders.history.append(order)


def answer(number, keeps):
    order = {"number": number, "item": "item %d" % (number % 40), "pieces": number % 7 + 1}
    if keeps:
        Orders().add(order)
    return "{number}: {pieces} x {item}".format(**order)


if __name__ == "__main__":
    release = tuple(int(part) for part in os.environ["RELEASE"].split("."))
    answers = [answer(number, release >= (4, 3)) for number in range(ORDERS)][-100:]
    print("ready", flush=True)
    signal.pause()
