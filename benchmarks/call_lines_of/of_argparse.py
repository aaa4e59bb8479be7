"""A command line read, and its help."""

import argparse

parser = argparse.ArgumentParser(prog="x", description="something " * 20)
for name in ("alpha", "beta", "gamma"):
    parser.add_argument("--" + name, type=int, default=0, help="the " + name)
parser.add_argument("files", nargs="*")
sub = parser.add_mutually_exclusive_group()
sub.add_argument("-v", action="count")
parser.parse_args(["--alpha", "3", "a", "b", "-vv", "--beta=2"])
parser.format_help()
parser.format_usage()
