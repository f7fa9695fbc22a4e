"""Which number a card is stored under."""

from staffdesk.network import Network
from staffdesk.rules.numbers import read_scan


def card_number(text: str, network: Network) -> str:
    """The number of a card that no patron has yet, as it was scanned or typed: of the network's
    shape, without the check digit that is printed after it; unchanged if it has no such shape."""
    shapes = [shape for shape in network.number_formats if shape.kind == "card"]
    fitting = (
        number
        for number in read_scan(text, network.number_formats).candidates
        for shape in shapes
        if len(number) == shape.length
        and number.startswith(shape.prefix)
        and number.endswith(shape.suffix)
    )
    return next(fitting, text)
