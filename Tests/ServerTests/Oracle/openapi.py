"""Judges the OpenAPI document and answers by it: openapi.py DOCUMENT ANSWERS

ANSWERS is a JSON list of {method, path (the template), status, media_type, body}. Prints what is wrong, one line each.
"""

import copy
import json
import sys

from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator


def closed(schema):
    """With every object's unnamed keys refused: an answer has no key that the document does not name."""
    if isinstance(schema, dict):
        result = {key: closed(value) for key, value in schema.items()}
        if "properties" in result and "additionalProperties" not in result:
            result["additionalProperties"] = False
        return result
    return [closed(item) for item in schema] if isinstance(schema, list) else schema


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = json.load(file)
    with open(sys.argv[2], encoding="utf-8") as file:
        answers = json.load(file)
    wrong = [f"document: {error.message}" for error in OpenAPIV31SpecValidator(document).iter_errors()]
    strict = closed(copy.deepcopy(document))
    for answer in answers:
        name = f"{answer['method']} {answer['path']} → {answer['status']}"
        operation = strict["paths"].get(answer["path"], {}).get(answer["method"].lower())
        if operation is None:
            wrong.append(f"{name}: not documented")
            continue
        response = operation["responses"].get(str(answer["status"]))
        if response is None:
            wrong.append(f"{name}: the status is not documented")
            continue
        if "$ref" in response:
            response = strict["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
        content = response.get("content")
        if content is None:
            if answer["body"]:
                wrong.append(f"{name}: a body that is not documented")
            continue
        if answer["media_type"] not in content:
            wrong.append(f"{name}: {answer['media_type']} is not among {list(content)}")
            continue
        if not answer["media_type"].endswith("json"):
            continue
        schema = {**content[answer["media_type"]]["schema"], "components": strict["components"]}
        validator = Draft202012Validator(schema, format_checker=FormatChecker(["date-time"]))
        for error in validator.iter_errors(json.loads(answer["body"])):
            wrong.append(f"{name}: {error.json_path}: {error.message[:300]}")
    print("\n".join(wrong))


main()
