"""Signed addresses (docs/spec/media.md)."""

from huaxin.media.links import HOUR_MS, Pass, expiry, open_seal, seal

SECRET = "a secret only for tests, long enough"
GIVEN = Pass("m-1", "o-1", "buyer", "p-1", "d-1", False, 10 * HOUR_MS)


def test_a_sealed_pass_comes_back_until_it_runs_out() -> None:
    """MED-30."""
    token = seal(SECRET, GIVEN)
    assert open_seal(SECRET, token, 9 * HOUR_MS) == GIVEN
    assert open_seal(SECRET, token, 10 * HOUR_MS) is None
    assert open_seal(SECRET + "!", token, 0) is None


def test_no_sign_of_it_can_be_changed() -> None:
    """MED-30."""
    token = seal(SECRET, GIVEN)
    for at, sign in enumerate(token):
        changed = token[:at] + ("A" if sign != "A" else "B") + token[at + 1 :]
        found = open_seal(SECRET, changed, 0)
        # The last sign of each half has spare bits: another spelling of the same bytes is the same pass.
        assert found is None or found == GIVEN
    for nonsense in ("", ".", "a.b", "é.é", token + "A" * 600, token.partition(".")[0]):
        assert open_seal(SECRET, nonsense, 0) is None


def test_within_an_hour_the_address_is_the_same() -> None:
    """MED-30: so that a browser finds it in its cache; between one and two hours of life."""
    assert expiry(7 * HOUR_MS) == expiry(8 * HOUR_MS - 1) == 9 * HOUR_MS
    for now in (0, 1, HOUR_MS - 1, HOUR_MS):
        assert HOUR_MS < expiry(now) - now <= 2 * HOUR_MS
