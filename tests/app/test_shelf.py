"""A shelf is a dict, in memory and in its file."""

from threading import Thread

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from asbuilt.app import shelf as module
from asbuilt.app.shelf import Row, Shelf

KEYS = st.sampled_from(["a", "b", "é", "d", "e", "f"])


class ShelfMachine(RuleBasedStateMachine):
    """The same is done to a shelf that holds two rows in memory, and to a dict."""

    def __init__(self) -> None:
        super().__init__()
        self.patched = pytest.MonkeyPatch()
        self.patched.setattr(module, "MOST_HELD", 2)  # a bound, so that few rows go into the file
        self.shelf, self.plain = Shelf(), dict[str, Row]()

    @rule(key=KEYS, value=st.integers() | st.text())
    def put(self, key: str, value: object) -> None:
        self.shelf[key] = self.plain[key] = {"told": value}

    @rule(key=KEYS)
    def take_out(self, key: str) -> None:
        assert self.shelf.pop(key, None) == self.plain.pop(key, None)

    @rule(key=KEYS)
    def look(self, key: str) -> None:
        assert (key in self.shelf) is (key in self.plain)
        assert self.shelf.get(key) == self.plain.get(key)

    @rule()
    def all_of_it(self) -> None:
        assert list(self.shelf.items()) == list(self.plain.items())
        assert list(self.shelf.values()) == list(self.plain.values())
        assert list(self.shelf) == list(self.plain)
        assert self.shelf == self.plain

    @invariant()
    def as_many(self) -> None:
        assert len(self.shelf) == len(self.plain)
        assert bool(self.shelf) is bool(self.plain)

    def teardown(self) -> None:
        self.patched.undo()


TestShelf = ShelfMachine.TestCase
TestShelf.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)


def test_another_thread_may_let_go_of_it() -> None:
    held = [Shelf()]
    held[0].update({str(number): {"told": number} for number in range(module.MOST_HELD + 1)})
    thread = Thread(target=held.clear)  # what goes wrong there is an unraisable warning, which fails a test here
    thread.start()
    thread.join()
    assert not held
