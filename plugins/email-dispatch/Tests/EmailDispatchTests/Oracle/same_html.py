"""Standard input: JSON lines [html, html]. The second is the first with a harmless value in each place. Standard output: a JSON list of
the numbers of those in which the values changed the structure: other tags, other attributes, or an address that runs a script."""
import json
import sys
from html.parser import HTMLParser


class Structure(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found = []
        self.bad = False

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, [name for name, _ in attributes]))
        for name, value in attributes:
            scheme = "".join((value or "").split()).lower().split(":")[0]
            if name in ("href", "src") and scheme in ("javascript", "vbscript", "data"):
                self.bad = True

    def handle_endtag(self, tag):
        self.found.append("/" + tag)

    def handle_comment(self, text):
        self.found.append("comment")

    def handle_decl(self, text):
        self.found.append("declaration")


def structure(text):
    parser = Structure()
    parser.feed(text)
    parser.close()
    return parser.found, parser.bad


wrong = []
for number, line in enumerate(sys.stdin):
    hostile, harmless = json.loads(line)
    found, bad = structure(hostile)
    if bad or found != structure(harmless)[0]:
        wrong.append(number)
json.dump(wrong, sys.stdout)
