"""`python -m stins`: the command, also where it lies on no path."""

from stins.cli import main

if __name__ == "__main__":
    main(prog_name="stins")
