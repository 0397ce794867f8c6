"""Signs by botocore what standard input describes, one JSON object a line; answers one signature a line."""
import datetime
import json
import sys

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


class Unsigned(botocore.auth.S3SigV4Auth):
    def payload(self, request):
        return "UNSIGNED-PAYLOAD"


class Signed(botocore.auth.S3SigV4Auth):
    def payload(self, request):
        return botocore.auth.SigV4Auth.payload(self, request)

    def _should_sha256_sign_payload(self, request):
        return True


for line in sys.stdin:
    case = json.loads(line)
    moment = datetime.datetime.fromtimestamp(case["at"], datetime.timezone.utc)
    botocore.auth.get_current_datetime = lambda *_, **__: moment
    request = AWSRequest(
        method=case["method"], url="https://" + case["host"] + case["path"], params=dict(case["query"]),
        data=case["body"].encode())
    for name, value in case["headers"]:
        request.headers[name] = value
    credentials = Credentials(case["key"], case["secret"], case.get("token"))
    arguments = (credentials, case["service"], case["region"])
    if case["presign"]:
        request.data = b""
        botocore.auth.S3SigV4QueryAuth(*arguments, expires=case["expires"]).add_auth(request)
        print(request.url.rsplit("X-Amz-Signature=", 1)[1])
    else:
        if case["service"] != "s3":
            signer = botocore.auth.SigV4Auth
        else:
            signer = Unsigned if case["unsigned"] else Signed
        signer(*arguments).add_auth(request)
        print(request.headers["Authorization"].rsplit("Signature=", 1)[1])
