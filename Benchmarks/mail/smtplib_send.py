"""smtplib_send.py PORT COUNT BYTES: sends prepared, distinct messages over one connection, and prints messages a second. Making them is
not timed."""
import smtplib
import sys
import time

port, count, size = (int(word) for word in sys.argv[1:])
line = "0123456789" * 7 + "\r\n"
messages = []
for number in range(count):
    head = f"From: news@example.org\r\nTo: user{number}@example.net\r\nSubject: number {number}\r\nMessage-ID: <{number}@example.org>\r\n\r\n"
    messages.append((f"user{number}@example.net", (head + line * ((size - len(head)) // len(line))).encode()))
with smtplib.SMTP("127.0.0.1", port) as server:
    start = time.perf_counter()
    for recipient, message in messages:
        server.sendmail("news@example.org", [recipient], message)
    print(round(count / (time.perf_counter() - start)))
