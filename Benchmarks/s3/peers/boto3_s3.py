"""boto3 doing the benchmark's work: boto3_s3.py list|copy|fill URL KEY SECRET BUCKET COUNT CONCURRENCY

Prints how many, in how many seconds, and in how many seconds of its own on a processor. `list` goes COUNT times through the bucket; `copy` copies COUNT objects into BUCKET-copy.
"""
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

work, url, key, secret, bucket, count, concurrency = sys.argv[1:8]
count, concurrency = int(count), int(concurrency)
client = boto3.client(
    "s3", endpoint_url=url, aws_access_key_id=key, aws_secret_access_key=secret, region_name="us-east-1",
    config=Config(max_pool_connections=concurrency, s3={"addressing_style": "path"}))


def name(number):
    return "data/2026/11/part-%07d.parquet" % number


def copy(number):
    client.copy_object(
        Bucket=bucket + "-copy", Key=name(number), CopySource={"Bucket": bucket, "Key": name(number)}, StorageClass="STANDARD_IA")


def put(number):
    client.put_object(Bucket=bucket, Key=name(number), Body=b"x" * 100)


if work == "fill":
    client.create_bucket(Bucket=bucket)
pages = client.get_paginator("list_objects_v2")
start, used = time.monotonic(), time.process_time()
if work == "list":
    done = sum(len(page["Contents"]) for _ in range(count) for page in pages.paginate(Bucket=bucket))
else:
    with ThreadPoolExecutor(concurrency) as pool:
        done = len(list(pool.map(copy if work == "copy" else put, range(count))))
print(done, time.monotonic() - start, time.process_time() - used)
