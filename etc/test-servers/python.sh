#!/usr/bin/env bash
# Prints the Python that has moto and boto3: the project's own, else the system's.
cd "$(dirname "$0")/../.." || exit 1
if [ -x .bench/venv-aws/bin/python ]; then echo "$PWD/.bench/venv-aws/bin/python"; else command -v python3; fi
