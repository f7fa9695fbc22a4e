"""Files that come from other systems and go to them: plain frozen data in and out.

Nothing here opens the store; a command or an action of the desk carries what was read into it.
Where to look first: `catalogue.read_catalogue` and `patrons.read_patrons`.
"""
