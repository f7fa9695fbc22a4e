"""Records as MARCXML has them (http://www.loc.gov/MARC21/slim), whatever their dialect."""

from xml.sax.saxutils import escape, quoteattr

from staffdesk.exchange.writing.fields import Field, MarcRecord

BEGINNING = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n'
)
END = b"</collection>\n"


def marcxml(record: MarcRecord, *, unicode_mark: str) -> bytes:
    """The record; `unicode_mark` is leader/09."""
    fields = "".join(map(_field, (*record.title, *record.copies)))
    leader = f"     {record.kind}{unicode_mark}22        450 "
    return f"<record>\n<leader>{leader}</leader>\n{fields}</record>\n".encode()


def _field(field: Field) -> str:
    tag = quoteattr(field.tag)
    indicators, *subfields = field.content.split("\x1f")
    if not subfields:
        return f"<controlfield tag={tag}>{escape(field.content)}</controlfield>\n"
    said = "".join(
        f"<subfield code={quoteattr(each[0])}>{escape(each[1:])}</subfield>" for each in subfields
    )
    first, second = map(quoteattr, indicators)
    return f"<datafield tag={tag} ind1={first} ind2={second}>{said}</datafield>\n"
