"""Reads a page as a JSON string; tells what is not closed, what an SVG holds that is no number, and how many charts there are."""
import json
import re
import sys
from html.parser import HTMLParser

VOID = {"meta", "br", "img", "link", "hr", "line"}
NUMBER = re.compile(r"-?\d+(\.\d+)?$")


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.problems, self.charts = [], [], 0

    def handle_starttag(self, tag, attributes):
        if tag == "svg":
            self.charts += 1
        if "svg" in self.open:
            for name, value in attributes:
                if name in ("x", "y", "width", "height", "x1", "x2", "y1", "y2") and not NUMBER.match(value):
                    self.problems.append(f"{tag} {name}={value}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")


page = Page()
page.feed(json.load(sys.stdin))
page.close()
json.dump({"problems": page.problems + [f"<{tag}> is not closed" for tag in page.open], "charts": page.charts}, sys.stdout)
