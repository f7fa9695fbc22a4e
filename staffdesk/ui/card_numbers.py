"""Which number a card or a copy is stored under."""

from typing import Literal

from staffdesk.network import Network
from staffdesk.rules.numbers import read_scan


def card_number(text: str, network: Network) -> str:
    """The number of a card that no patron has yet, as it was scanned or typed: of the network's
    shape, without the check digit that is printed after it; unchanged if it has no such shape."""
    return _stored("card", text, network)


def barcode(text: str, network: Network) -> str:
    """The number of a copy that is not entered yet, in the same way."""
    return _stored("item", text, network)


def _stored(kind: Literal["card", "item"], text: str, network: Network) -> str:
    shapes = [shape for shape in network.number_formats if shape.kind == kind]
    fitting = (
        number
        for number in read_scan(text, network.number_formats).candidates
        for shape in shapes
        if len(number) == shape.length
        and number.startswith(shape.prefix)
        and number.endswith(shape.suffix)
    )
    return next(fitting, text)
