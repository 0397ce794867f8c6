"""Reads metrics with Prometheus' own parser: metrics.py FILE prints samples as JSON, {name: [[labels, value], …]}."""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    samples = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation, f"{family.name} has no help"
        assert family.type != "unknown", f"{family.name} has no type"
        buckets = {}
        for sample in family.samples:
            samples.setdefault(sample.name, []).append([sample.labels, sample.value])
            if sample.name.endswith("_bucket"):
                rest = tuple(sorted((key, value) for key, value in sample.labels.items() if key != "le"))
                buckets.setdefault(rest, []).append((float(sample.labels["le"]), sample.value))
            if sample.name.endswith("_count") and family.type == "histogram":
                buckets.setdefault(tuple(sorted(sample.labels.items())), []).append((None, sample.value))
        for labels, counts in buckets.items():
            bounds = [bound for bound, _ in counts if bound is not None]
            assert bounds == sorted(bounds) and bounds[-1] == float("inf"), f"{family.name}{labels}: {bounds}"
            values = [value for bound, value in counts if bound is not None]
            assert values == sorted(values), f"{family.name}{labels} falls: {values}"
            total = [value for bound, value in counts if bound is None]
            assert total == [values[-1]], f"{family.name}{labels}: {total} counted, {values[-1]} in buckets"
    print(json.dumps(samples))


main()
