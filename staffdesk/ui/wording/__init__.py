"""Everything the desk says, made from codes and facts (reference: the wording of the desk).

`refusals` says no and why, `results` what was done, `scans` what a scan was, `words` dates,
names and states.
"""
