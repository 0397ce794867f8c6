"""python_send.py PORT COUNT: what a Python program would do: fills in texts, makes each message with the email package, sends it with
smtplib over one connection; messages a second, no log kept."""
import smtplib
import string
import sys
import time
from email.message import EmailMessage

port, count = (int(word) for word in sys.argv[1:])
line = "Your plan $plan in $city costs $amount this month, and it will next month."
text = string.Template("Dear $name,\n\n" + (line + "\n") * 12 + "\nYour number is $id.\nhttps://example.org/u?id=$id\n")
page = string.Template(
    "<html><body><p>Dear $name,</p>\n" + f"<p>{line}</p>\n" * 20 + '<a href="https://example.org/u?id=$id">leave</a></body></html>\n')
with smtplib.SMTP("127.0.0.1", port) as server:
    start = time.perf_counter()
    for number in range(count):
        values = {"name": f"Person {number}", "id": number, "city": f"Town {number % 97}", "plan": f"plan {number % 5}", "amount": f"{number % 1000}.50"}
        message = EmailMessage()
        message["From"] = "Example <news@example.org>"
        message["To"] = f"Person {number} <user{number}@example.net>"
        message["Subject"] = f"Your month in {values['city']}, {values['name']}"
        message.set_content(text.substitute(values))
        message.add_alternative(page.substitute(values), subtype="html")
        server.send_message(message)
    print(round(count / (time.perf_counter() - start)))
