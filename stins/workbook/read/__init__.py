"""A filled-in workbook becomes answers, or every fault in it is told at once.

This file stays empty of imports: the process that opens foreign files loads it, and starts in a tenth of a
second.
"""
