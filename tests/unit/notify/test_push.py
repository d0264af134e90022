"""Encryption and proof of Web Push (NTF-10 to NTF-13)."""

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from huaxin.notify.push import BadSubscription, Vapid, decode64, encode64, encrypt, public_bytes, read_keys
from tests.pushing import Browser, decrypt

# RFC 8291, Appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
UA_PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
UA_PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
AS_PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
    "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decode64(text), "big"), ec.SECP256R1())


def test_the_example_of_the_rfc() -> None:
    """NTF-10: byte for byte, when salt and key are those of RFC 8291."""
    body = encrypt(PLAIN, UA_PUBLIC, AUTH, salt=decode64(SALT), own=private(AS_PRIVATE), block=0)
    assert encode64(body) == BODY
    assert decrypt(body, private(UA_PRIVATE), decode64(AUTH)) == PLAIN


def test_every_message_has_a_salt_and_a_key_of_its_own() -> None:
    """NTF-10."""
    browser = Browser("https://push.example/1")
    keys = browser.subscription
    one, two = (encrypt(b"{}", keys["p256dh"], keys["auth"]) for _ in range(2))
    assert one[:16] != two[:16]
    assert one[21:86] != two[21:86]


def test_the_length_tells_little() -> None:
    """NTF-11."""
    keys = Browser("https://push.example/1").subscription
    lengths = {len(encrypt(b"x" * n, keys["p256dh"], keys["auth"])) for n in range(200)}
    assert len(lengths) == 1


def test_what_is_too_long_is_refused() -> None:
    """NTF-11."""
    keys = Browser("https://push.example/1").subscription
    with pytest.raises(ValueError, match="3839"):
        encrypt(b"x" * 3840, keys["p256dh"], keys["auth"])
    assert len(encrypt(b"x" * 3839, keys["p256dh"], keys["auth"])) <= 4096


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", AUTH),
        ("AAAA", AUTH),
        (UA_PUBLIC[:-4], AUTH),
        ("ü" * 87, AUTH),
        (UA_PUBLIC, "AAAA"),
        (UA_PUBLIC, ""),
        (UA_PUBLIC[:40] + "\x00" + UA_PUBLIC[40:], AUTH),
        (UA_PUBLIC, AUTH + "\n"),
    ],
)
def test_keys_that_are_none(p256dh: str, auth: str) -> None:
    """NTF-12."""
    with pytest.raises(BadSubscription):
        read_keys(p256dh, auth)


def test_the_proof_names_the_push_service_and_is_made_once_for_it() -> None:
    """NTF-13."""
    key, now = ec.generate_private_key(ec.SECP256R1()), [1_800_000_000]
    vapid = Vapid(key, "mailto:owner@flowers.example", lambda: now[0])
    first = vapid.header("https://push.example/send/abc")
    token = first.removeprefix("vapid t=").partition(",")[0]
    claims = jwt.decode(
        token, key.public_key(), algorithms=["ES256"], audience="https://push.example",
        options={"verify_exp": False},
    )  # fmt: skip
    assert claims["sub"] == "mailto:owner@flowers.example"
    assert now[0] < claims["exp"] <= now[0] + 24 * 3600
    assert first.endswith("k=" + encode64(public_bytes(key.public_key())))
    assert vapid.header("https://push.example/send/other") == first
    assert vapid.header("https://else.example/send/abc") != first
    now[0] += 11 * 3600
    assert vapid.header("https://push.example/send/abc") != first, "renewed before it ends"
