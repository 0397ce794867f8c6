"""Prices workloads by the price page, in fractions. Reads a list of workloads, writes a list of costs."""
import json
import sys
from fractions import Fraction as F

PRICE = {
    "x86_64": {"run": F("0.0000166667"), "kept": F("0.0000041667"), "run_kept": F("0.0000097222")},
    "arm64": {"run": F("0.0000133334"), "kept": F("0.0000033334"), "run_kept": F("0.0000077778")},
}


def cost(work):
    price = PRICE[work["architecture"]]
    gb = F(work["memoryMB"], 1024)
    seconds = F(work["seconds"])
    kept_share = F(work["provisionedShare"])
    storage = max(work["ephemeralMB"] - 512, 0)
    return {
        "requests": float(F(work["requests"]) * F("0.20") / 1000000),
        "compute": float(gb * seconds * (1 - kept_share) * price["run"] + gb * seconds * kept_share * price["run_kept"]),
        "ephemeral": float(F(storage, 1024) * seconds * F("0.0000000309")),
        "provisioned": float(F(work["provisionedUnits"]) * gb * 30 * 24 * 3600 * price["kept"]),
    }


json.dump([cost(work) for work in json.load(sys.stdin)], sys.stdout)
