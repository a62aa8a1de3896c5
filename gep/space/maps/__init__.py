"""The rules of the account on every pixel, and pictures for print."""
