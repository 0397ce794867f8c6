"""Fills moto with functions and twelve-hourly metrics, and says what they cost, worked out from the single runs.

Reads {"endpoint", "prefix", "seed", "from", "to"}; writes the expected figures by function."""
import datetime
import io
import json
import random
import sys
import zipfile
from fractions import Fraction as F

import boto3
from botocore.config import Config

task = json.load(sys.stdin)
access = dict(endpoint_url=task["endpoint"], region_name="us-east-1", aws_access_key_id="AKID", aws_secret_access_key="hidden")
functions = boto3.client("lambda", **access)
# moto does not unpack what botocore compresses.
watch = boto3.client("cloudwatch", config=Config(disable_request_compression=True), **access)
role = boto3.client("iam", **access).create_role(
    RoleName=task["prefix"], AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}')["Role"]["Arn"]
program = io.BytesIO()
with zipfile.ZipFile(program, "w") as archive:
    archive.writestr("h.py", "def h(e, c): return 1\n")
dice = random.Random(task["seed"])
PRICE = {"x86_64": F("0.0000166667"), "arm64": F("0.0000133334")}


def put(data):
    for begin in range(0, len(data), 500):
        watch.put_metric_data(Namespace="AWS/Lambda", MetricData=data[begin:begin + 500])


def fill(name, memory, architecture, storage, mean):
    functions.create_function(
        FunctionName=name, Runtime="python3.12", Role=role, Handler="h.h", MemorySize=memory, Timeout=120,
        Architectures=[architecture], EphemeralStorage={"Size": storage}, Code={"ZipFile": program.getvalue()})
    dimensions = [{"Name": "FunctionName", "Value": name}]
    runs_of_all, errors, data = [], 0, []
    for begin in range(task["from"], task["to"], 12 * 3600):
        # A quiet time and a busy one, of which the busy one is the faster: a mean of means would be wrong.
        busy = dice.random() < 0.5
        runs = [dice.randint(1, mean if busy else 8 * mean) for _ in range(dice.randint(40, 60) if busy else dice.randint(0, 3))]
        at = datetime.datetime.fromtimestamp(begin + dice.randint(0, 43199), datetime.timezone.utc)
        failed = sum(dice.random() < 0.1 for _ in runs)
        if not runs:
            continue
        data.append(dict(MetricName="Invocations", Dimensions=dimensions, Timestamp=at, Value=len(runs)))
        data.append(dict(MetricName="Errors", Dimensions=dimensions, Timestamp=at, Value=failed))
        data.append(dict(MetricName="ConcurrentExecutions", Dimensions=dimensions, Timestamp=at, Value=dice.randint(1, 9)))
        data.append(dict(MetricName="Duration", Dimensions=dimensions, Timestamp=at, StatisticValues=dict(
            SampleCount=len(runs), Sum=sum(runs), Minimum=min(runs), Maximum=max(runs))))
        runs_of_all += runs
        errors += failed
    put(data)
    seconds = F(sum(runs_of_all), 1000)
    cost = (F(len(runs_of_all)) * F("0.20") / 1000000 + F(memory, 1024) * seconds * PRICE[architecture]
            + F(storage - 512, 1024) * seconds * F("0.0000000309"))
    return dict(name=name, invocations=len(runs_of_all), errors=errors, mean=float(F(sum(runs_of_all), len(runs_of_all))),
                longest=max(runs_of_all), cost=float(cost))


expected = [
    fill(task["prefix"] + "-shop", 1024, "x86_64", 512, 1500),
    fill(task["prefix"] + "-mail", 3008, "arm64", 512, 400),
    fill(task["prefix"] + "-films", 10240, "x86_64", 10240, 30000),
]
functions.create_function(
    FunctionName=task["prefix"] + "-idle", Runtime="nodejs16.x", Role=role, Handler="h.h", Code={"ZipFile": program.getvalue()})
json.dump(expected, sys.stdout)
