"""The STINS workbook: a living Excel file out, a filled-in one back in."""
