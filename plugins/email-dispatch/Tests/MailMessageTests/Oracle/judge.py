"""Parses messages with Python's email package and dkimpy, and says which are not what they should be.

Standard input: one JSON object a line: {"eml": base64, "keys": {name: txt}, "utf8": bool, "fields": [names],
"subject": text, "to": [name, address], "texts": {"plain": text, "html": text}, "files": [[name, base64]]}.
Standard output: one JSON list of texts: what is wrong, with the line's number. Empty: nothing."""
import base64
import json
import re
import sys
from email.header import decode_header, make_header
from email.utils import getaddresses, parseaddr
from email import message_from_bytes, message_from_string, policy

import dkim


def lines(text):
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


def presentable(text):
    return re.sub("[\0-\x1f\x7f]", " ", text)


def alike(found, wanted):
    """Programs differ in what they make of spaces at the ends; a control character is a space."""
    return found.strip() == presentable(wanted).strip()


def judge(case):
    octets = base64.b64decode(case["eml"])
    for line in octets.split(b"\r\n"):
        if b"\r" in line or b"\n" in line or b"\0" in line:
            yield "a bare CR, LF or NUL"
        if len(line) > 998:
            yield f"a line of {len(line)} octets"
    head = octets.split(b"\r\n\r\n")[0]
    for line in head.split(b"\r\n"):
        if len(line) > 78 and b" " in line.strip():
            words = line.strip().split(b" ")
            # Only what cannot be folded may be longer.
            if not (len(words) == 2 and line[:1] not in b" \t"):
                yield f"a header line of {len(line)} octets: {line!r}"
    if case["utf8"]:
        message = message_from_string(octets.decode(), policy=policy.SMTPUTF8)
    else:
        octets.decode("ascii")
        message = message_from_bytes(octets, policy=policy.SMTP)
    parts = list(message.walk())
    for part in parts:
        for defect in part.defects:
            yield f"{defect!r} in {part.get_content_type()}"
    names = sorted(name.lower() for name in message.keys())
    if names != sorted(case["fields"]):
        yield f"fields {names}"
    if not alike(message["subject"], case["subject"]):
        yield f"subject {message['subject']!r}, not {case['subject']!r}"
    name, address = case["to"]
    addresses = message["to"].addresses
    if len(addresses) != 1:
        yield f"{len(addresses)} recipients: {message['to']!r}"
    elif addresses[0].addr_spec != address:
        yield f"to {addresses[0].addr_spec!r}, not {address!r}"
    # The modern parser puts spaces between encoded words of a phrase (bpo-35547); the old one does as RFC 2047 says.
    old = message_from_bytes(octets, policy=policy.compat32)
    raw = re.sub("\r\n([ \t])", r"\1", octets.split(b"\r\nTo:")[1].split(b"\r\nSubject:")[0].split(b"\r\nReply-To:")[0].decode())
    shown, _ = parseaddr(raw.strip())
    if not alike(str(make_header(decode_header(shown))) if "=?" in shown else shown, name):
        yield f"name {shown!r}, not {name!r}"
    if len(getaddresses([raw])) != 1 or len(old.get_all("to")) != 1:
        yield f"the old parser sees {getaddresses([raw])!r}"
    for defect in message["to"].defects + message["subject"].defects:
        # Python says this of every such address, also where RFC 6531 allows it.
        if type(defect).__name__ == "NonASCIILocalPartDefect" and case["utf8"]:
            continue
        yield f"{defect!r}"
    texts = {p.get_content_subtype(): p for p in parts if p.get_content_maintype() == "text" and not p.get_filename()}
    if set(texts) != set(case["texts"]):
        yield f"texts {sorted(texts)}"
    else:
        for kind, text in case["texts"].items():
            found = texts[kind].get_payload(decode=True).decode(texts[kind].get_content_charset())
            if lines(found) != lines(text):
                yield f"{kind} is {found[:200]!r}, not {text[:200]!r}"
    files = [[p.get_filename(), base64.b64encode(p.get_payload(decode=True)).decode()] for p in parts if p.get_filename() is not None]
    wanted = case["files"]
    if len(files) != len(wanted) or any(not alike(f[0], w[0]) or f[1] != w[1] for f, w in zip(files, wanted)):
        yield f"files {[f[0] for f in files]!r}, not {[f[0] for f in case['files']]!r}"
    keys = {k.encode(): v.encode() for k, v in case["keys"].items()}
    for index in range(len(keys)):
        try:
            good = dkim.DKIM(octets).verify(idx=index, dnsfunc=lambda name, timeout=5: keys.get(name.rstrip(b".")))
        except dkim.DKIMException as error:
            good, error = False, error
            yield f"DKIM: {error}"
        if not good:
            yield f"DKIM signature {index} does not verify"


wrong = []
for number, line in enumerate(sys.stdin):
    try:
        wrong += [f"message {number}: {text}" for text in judge(json.loads(line))]
    except Exception as error:  # whatever the parser chokes on is a finding
        wrong.append(f"message {number}: {error!r}")
json.dump(wrong[:50], sys.stdout)
