"""Intentions, and stepping aside for real people."""

from huaxin.simulation.will import TAKEN_S, TakeOver, Will


def test_done_when_the_delay_has_passed() -> None:
    will = Will()
    assert not will.is_due("a|confirm", 0, lambda: 5_000)
    assert not will.is_due("a|confirm", 4_999, lambda: 0)
    assert will.is_due("a|confirm", 5_000, lambda: 0)


def test_forgotten_when_the_reason_is_gone() -> None:
    will = Will()
    will.is_due("a|confirm", 0, lambda: 5_000)
    will.end_step()
    will.end_step()
    assert not will.is_due("a|confirm", 6_000, lambda: 5_000)


def test_once_is_once() -> None:
    will = Will()
    will.is_due("a|say", 0, lambda: 0)
    will.finish("a|say")
    assert not will.is_due("a|say", 9_000, lambda: 0)


def test_a_person_has_ten_minutes_after_each_act() -> None:
    real = [0.0]
    taken = TakeOver(lambda: real[0])
    back: list[str] = []
    taken.given_back.append(back.append)
    taken.act("li")
    real[0] = TAKEN_S - 1
    assert taken.is_taken("li")
    taken.act("li")
    real[0] = 2 * TAKEN_S - 2
    assert taken.is_taken("li")
    real[0] = 2 * TAKEN_S
    assert not taken.is_taken("li")
    assert back == ["li"]


def test_taken_stays_taken_until_given_back() -> None:
    real = [0.0]
    taken = TakeOver(lambda: real[0])
    taken.take("li")
    taken.act("li")
    real[0] = 1e9
    assert taken.is_taken("li")
    taken.give_back("li")
    assert not taken.is_taken("li")
