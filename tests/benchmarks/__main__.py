"""Run the benchmarks: all of them, or those named, such as `python -m tests.benchmarks visits`."""

from __future__ import annotations

import sys
from importlib import import_module

ALL = (
    "visits",
    "whole_class",
    "weight",
    "first_paint",
    "access",
    "accuracy",
    "concern",
    "redact",
    "exports",
    "staff_pages",
    "faults",
)

for name in sys.argv[1:] or ALL:
    print(f"\n=== {name} ===\n")
    import_module(f"tests.benchmarks.{name}").main()
