"""Files for other programs' statistics, made from the row file and from nothing else.

A file of this package holds the cells of a `RowFile` in another spelling: whatever METHOD, "Disclosure control", keeps
out of the row file cannot get into one of these.
"""
