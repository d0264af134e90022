"""What people wrote into an order, made fit to be read and printed."""

from msgspec.structs import replace

from huaxin.kernel import tidy
from huaxin.orders.model import Address, Card, Party


def tidy_party(party: Party) -> Party:
    return replace(party, name=tidy(party.name))


def tidy_card(card: Card) -> Card:
    # Who wishes to stay unknown is not named by the card either.
    signature = "" if card.anonymous else tidy(card.signature)
    return replace(card, text=tidy(card.text), signature=signature)


def tidy_address(address: Address) -> Address:
    return replace(address, text=tidy(address.text), detail=tidy(address.detail), note=tidy(address.note))
