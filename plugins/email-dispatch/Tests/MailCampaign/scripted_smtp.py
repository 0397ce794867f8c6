"""An SMTP server that breaks every rule on request, and keeps a ledger of what it took.

scripted_smtp.py LEDGER SEED [--quiet] [--ahead] [--tls CERT KEY] [--only FAULT]: listens on a free port of 127.0.0.1, prints "ready PORT", and
ends when its standard input does. Each line of LEDGER is JSON: {"took": Message-ID, "to": address, "fault": name} is written before
any reply to the message; {"fault": name} says what was done in a conversation. With --ahead it offers PIPELINING, answers no message
before it has waited a second for what follows, and writes {"ahead": the line or null}.

Faults are PHASE:REACTION. All of them come in turn, in an order that SEED shuffles, between conversations without one."""
import asyncio
import itertools
import json
import random
import re
import ssl
import sys

TEMPORARY = ["421 4.3.2 going down", "450 4.2.0 greylisted", "451 4.3.0 try later", "452 4.2.2 mailbox full", "454 4.7.0 not now", "432 4.7.12 x"]
PERMANENT = ["500 5.5.1 what", "501 5.5.4 syntax", "502 5.5.1 no", "503 5.5.1 order", "504 5.5.4 no", "521 5.3.2 no mail here", "550 5.1.1 no such user",
             "550 5.7.1 blocked", "551 5.7.1 not here", "552 5.3.4 too big", "553 5.1.3 bad name", "554 5.6.0 refused", "555 5.5.4 options"]
STRANGE = ["199 hm", "299 hm", "354 go on", "399 hm", "600 hm", "25", "abc", "", "-250 x", "250_x", "2500 x", "250-\r\n451 mixed"]
ENDS = ["drop", "partial", "silence", "reset"]

PHASES = ["greeting", "ehlo", "mail", "rcpt", "data", "body", "end", "after"]


def faults():
    for phase in PHASES:
        for reaction in TEMPORARY + PERMANENT + STRANGE + ENDS:
            # Nobody could tell a 2yz that comes too early from one that comes in time.
            if (phase, reaction) != ("body", "299 hm"):
                yield f"{phase}:{reaction}"
    for phase in ["mail", "rcpt", "data", "end"]:
        yield f"{phase}:then-drop"
        yield f"{phase}:multiline"
        yield f"{phase}:bytewise"
    yield "after:unasked"
    yield "rset:drop"
    yield "rset:421 4.3.2 going down"


class Gone(Exception):
    pass


class Server:
    def __init__(self, ledger, seed, only, plain, ahead):
        self.ledger = open(ledger, "a", buffering=1)
        self.random = random.Random(seed)
        order = [f for f in faults() if only is None or f == only]
        self.random.shuffle(order)
        self.connection_faults = itertools.cycle([f for f in order if f.split(":")[0] in ("greeting", "ehlo")] or [None])
        self.faults = itertools.cycle([f for f in order if f.split(":")[0] not in ("greeting", "ehlo")] or [None])
        self.plain = plain
        self.ahead = ahead
        self.only = only
        self.context = None

    def note(self, **what):
        self.ledger.write(json.dumps(what) + "\n")

    async def client(self, reader, writer):
        try:
            await Conversation(self, reader, writer).run()
        except (Gone, ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.transport.abort() if self.broken(writer) else writer.close()

    @staticmethod
    def broken(writer):
        return getattr(writer, "carillon_reset", False)


class Conversation:
    def __init__(self, server, reader, writer):
        self.server, self.reader, self.writer = server, reader, writer
        self.fault = None
        self.pending = []

    async def say(self, text):
        self.writer.write(text.encode() + b"\r\n")
        await self.writer.drain()

    async def react(self, phase, usual):
        """The reply of a phase, or what the fault makes of it. True: it was the usual one."""
        wanted = f"{phase}:"
        if self.fault is None or not self.fault.startswith(wanted):
            await self.say(usual)
            return True
        reaction = self.fault[len(wanted):]
        self.server.note(fault=self.fault)
        self.fault = None
        await self.do(reaction, usual)
        return reaction in ("multiline", "bytewise", "then-drop", "unasked", "299 hm")

    async def do(self, reaction, usual):
        if reaction == "drop":
            raise Gone
        if reaction == "reset":
            self.writer.carillon_reset = True
            raise Gone
        if reaction == "partial":
            self.writer.write(usual[:2].encode())
            await self.writer.drain()
            raise Gone
        if reaction == "silence":
            await asyncio.wait_for(self.reader.read(), 30)
            raise Gone
        if reaction == "then-drop":
            await self.say(usual)
            raise Gone
        if reaction == "multiline":
            return await self.say("\r\n".join(f"{usual[:3]}-line {n}" for n in range(5)) + f"\r\n{usual}")
        if reaction == "bytewise":
            for byte in usual.encode() + b"\r\n":
                self.writer.write(bytes([byte]))
                await self.writer.drain()
            return
        if reaction == "unasked":
            await self.say(usual)
            return await self.say("250 2.0.0 and more")
        await self.say(reaction)
        if reaction.startswith("421"):
            raise Gone

    async def run(self):
        draw = self.server.random.random
        if not self.server.plain and (draw() < 0.06 or self.server.only and self.server.only.split(":")[0] in ("greeting", "ehlo")):
            self.fault = next(self.server.connection_faults)
        if not await self.react("greeting", "220 scripted ESMTP"):
            raise Gone
        sender = rcpt = None
        while True:
            octets = self.pending.pop() if self.pending else await self.reader.readuntil(b"\n")
            line = octets.decode(errors="replace").strip()
            verb = line.upper()
            if verb.startswith("EHLO") or verb.startswith("HELO"):
                pipelining = self.server.ahead or draw() < 0.7
                if not await self.react("ehlo", "250-scripted\r\n" + ("250-PIPELINING\r\n" if pipelining else "") + "250-SIZE 0\r\n250 SMTPUTF8"):
                    raise Gone
            elif verb == "RSET":
                sender = rcpt = None
                await self.react("rset", "250 2.0.0 OK")
            elif verb.startswith("MAIL FROM:"):
                if not self.server.plain and self.fault is None and (draw() < 0.6 or self.server.only):
                    self.fault = next(self.server.faults)
                sender = line if await self.react("mail", "250 2.1.0 OK") else None
            elif verb.startswith("RCPT TO:"):
                address = re.search("<(.*)>", line)[1]
                if sender is None:
                    await self.say("503 5.5.1 MAIL first")
                else:
                    rcpt = address if await self.react("rcpt", "250 2.1.5 OK") else None
            elif verb == "DATA":
                if rcpt is None:
                    await self.say("554 5.5.1 no valid recipients")
                elif await self.react("data", "354 go on"):
                    await self.message(rcpt)
                    sender = rcpt = None
                elif rcpt:
                    sender = rcpt = None
            elif verb == "QUIT":
                await self.say("221 bye")
                raise Gone
            elif verb == "STARTTLS" and self.server.context:
                await self.say("220 go on")
                await self.writer.start_tls(self.server.context)
            else:
                await self.say("502 5.5.2 what?")

    async def message(self, rcpt):
        if self.fault and self.fault.startswith("body:"):
            self.server.note(fault=self.fault)
            reaction, self.fault = self.fault[5:], None
            await self.reader.read(200)
            if reaction not in ENDS:
                await self.say(reaction)
            await self.do(reaction if reaction in ENDS else "drop", "250")
        octets = await self.reader.readuntil(b"\r\n.\r\n")
        if self.server.ahead:
            try:
                self.pending.append(await asyncio.wait_for(self.reader.readuntil(b"\n"), 1))
            except TimeoutError:
                pass
            self.server.note(ahead=self.pending[0].decode() if self.pending else None)
        identity = re.search(rb"^Message-ID: <(.*)>\r$", octets, re.M)
        name = identity[1].decode() if identity else "none"
        if self.fault and self.fault.startswith("end:") and self.fault[4:] not in ("multiline", "bytewise", "then-drop"):
            self.server.note(fault=self.fault, to=rcpt)
            reaction, self.fault = self.fault[4:], None
            # It says something, or goes, and has not taken the message: but 2yz would be a lie.
            if reaction == "299 hm":
                self.server.note(took=name, to=rcpt, fault="end:299")
            return await self.do(reaction, "250")
        self.server.note(took=name, to=rcpt, fault=self.fault)
        if self.fault and self.fault.startswith("after:"):
            reaction, self.fault = self.fault[6:], None
            self.server.note(fault="after:" + reaction)
            # It has taken the message. A refusal then would be a lie: it goes instead.
            return await self.do("drop" if reaction[:1] in "45" and reaction[:3].isdigit() else reaction, "250 2.0.0 taken")
        await self.react("end", "250 2.0.0 taken")
        # What was not used up stays for the next message of this connection.
        if self.fault and self.fault.split(":")[0] not in ("rset",):
            self.fault = None


async def main():
    arguments = sys.argv[1:]
    ledger, seed = arguments[0], int(arguments[1])
    only = arguments[arguments.index("--only") + 1] if "--only" in arguments else None
    server = Server(ledger, seed, only, "--quiet" in arguments, "--ahead" in arguments)
    if "--tls" in arguments:
        at = arguments.index("--tls")
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.context.load_cert_chain(arguments[at + 1], arguments[at + 2])
    listener = await asyncio.start_server(server.client, "127.0.0.1", 0, limit=1 << 24, backlog=512)
    print("ready", listener.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
