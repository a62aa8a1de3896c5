"""The workbook that departments fill in: its layout, how it is written, how it is read back."""
