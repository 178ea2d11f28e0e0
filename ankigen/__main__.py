"""`python -m ankigen` is `ankigen`."""

from ankigen.cli import main

main()
