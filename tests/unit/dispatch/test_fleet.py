"""Many bikes: what PyVRP is asked and what its answers mean. Rules: docs/spec/tracking.md."""

import numpy as np
import pytest

from huaxin.dispatch.evaluate.made import make_city_morning, make_instance
from huaxin.dispatch.evaluate.run import Trial, evaluate, summarise
from huaxin.dispatch.evaluate.solomon import BadInstance, read_best_known, read_instance, task_of
from huaxin.dispatch.fleet.model import FAR, Bike, FleetTask
from huaxin.dispatch.fleet.solve import solve_fleet

HEAD = "T1\n\nVEHICLE\nNUMBER CAPACITY\n 2 10\n\nCUSTOMER\nNO X Y DEMAND READY DUE SERVICE\n\n"
ROWS = "0 0 0 0 0 1000 0\n1 3 4 5 0 900 10\n2 6 8 5 0 900 10\n3 0 7.05 5 0 900 10\n"


def _line(n: int, **changes: object) -> FleetTask:
    """A shop and `n` doors on a line, 10 apart."""
    at = np.arange(n + 1) * 10
    ways = np.abs(at[:, None] - at[None, :]).astype(np.int64)
    zeros = [0] * (n + 1)
    task = FleetTask(
        ways, ways, zeros, [FAR] * (n + 1), zeros, zeros, [(1,)] * (n + 1), zeros, [Bike(capacity=(n,))]
    )
    return task._replace(**changes)  # type: ignore[arg-type]  # fields of a task


def test_an_instance_is_read_and_distances_are_cut_after_one_decimal(tmp_path) -> None:
    path = tmp_path / "t1.txt"
    path.write_text(HEAD + ROWS)
    task = task_of(read_instance(path))
    assert task.costs[0].tolist() == [0, 50, 100, 70]  # 7.05 becomes 7.0
    assert (task.bikes[0].number, task.bikes[0].capacity, task.due[1]) == (2, (10,), 9000)
    answer = solve_fleet(task, 0.1)
    assert answer.feasible
    assert sorted(p for t in answer.tours for p in t.trips[0]) == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "number of vehicles"),
        ("hello\nworld\n", "number of vehicles"),
        (HEAD, "no customers"),
        (HEAD + ROWS + "4 1 2\n", "line 14"),
        (HEAD + ROWS + "9 1 2 3 4 5 6\n", "line 14"),
        (HEAD + ROWS + "4 1 2 3 400 5 6\n", "possible"),
    ],
)
def test_a_broken_instance_says_what_is_wrong(tmp_path, text: str, words: str) -> None:
    path = tmp_path / "bad.txt"
    path.write_text(text)
    with pytest.raises(BadInstance, match=words):
        read_instance(path)


def test_best_known_answers_are_found_beside_the_folder(tmp_path) -> None:
    (tmp_path / "my_bks_dimacs1.csv").write_text("instance,routes,distance_trunc1\nc101,10,827.3\n")
    (tmp_path / "solomon").mkdir()
    assert read_best_known(tmp_path / "solomon") == {"C101": 827.3}
    (tmp_path / "my_bks_dimacs1.csv").write_text("who,what\na,b\n")
    with pytest.raises(BadInstance, match="columns"):
        read_best_known(tmp_path)


def test_more_than_a_basket_holds_is_carried_in_several_trips() -> None:
    """TR-172."""
    answer = solve_fleet(_line(4, bikes=[Bike(capacity=(2,), trips=3)]), 1.5)
    assert answer.feasible
    assert len(answer.tours) == 1
    assert [len(trip) for trip in answer.tours[0].trips] == [2, 2]
    assert answer.cost == 40 + 80  # 1 and 2, then 3 and 4, each there and back


def test_what_cannot_be_kept_is_left_out_and_named_when_it_may_be() -> None:
    """TR-173: door 2 closes before anybody can be there."""
    due = [FAR, FAR, 5, FAR]
    answer = solve_fleet(_line(3, due=due, prizes=[0, 10_000, 10_000, 10_000]), 1.0)
    assert answer.feasible
    assert answer.left_out == [2]


def test_a_bike_that_need_not_return_ends_at_the_last_door() -> None:
    assert solve_fleet(_line(3, bikes=[Bike(capacity=(3,), returns=False)]), 0.1).cost == 30


def test_a_run_goes_on_from_an_answer() -> None:
    task = _line(6, bikes=[Bike(number=2, capacity=(3,), trips=2)])
    first = solve_fleet(task, 0.1)
    again = solve_fleet(task, 0.1, seed=5, start=first)
    assert again.cost <= first.cost


def test_made_instances_are_the_same_for_the_same_seed_and_can_be_solved() -> None:
    assert make_instance("RC", 1, 40) == make_instance("RC", 1, 40)
    assert make_instance("RC", 1, 40) != make_instance("RC", 2, 40)
    found = list(evaluate([Trial("RC", task_of(make_instance("RC", 1, 40)))], 0.3, 0.3, lambda *_: None))
    assert found[0].feasible
    assert found[0].gap >= 0
    assert summarise(found).instances == 1


def test_a_map_without_roads_is_said() -> None:
    def nothing(a: list[object], b: list[object]):
        return np.full((len(a), len(b)), np.inf), np.full((len(a), len(b)), np.inf)

    with pytest.raises(BadInstance, match="0 of 10 stops"):
        make_city_morning((31.1, 121.4, 31.2, 121.5), lambda lat, lon: (lat, lon), nothing, 1, 10)
