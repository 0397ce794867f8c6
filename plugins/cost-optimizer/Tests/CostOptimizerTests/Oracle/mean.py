"""Reads cases: per case the days, per day the duration of every run in ms. Writes the mean of all runs, the longest, and the
GB-seconds at 1,536 MB."""
import json
import sys
from fractions import Fraction as F


def answer(days):
    runs = [F(run) for day in days for run in day]
    return {
        "mean": float(sum(runs) / len(runs)) if runs else None,
        "longest": float(max(runs)) if runs else None,
        "gbSeconds": float(sum(runs) / 1000 * F(1536, 1024)),
    }


json.dump([answer(days) for days in json.load(sys.stdin)], sys.stdout)
