"""Reads what `carillon --experimental-dump-help` prints and writes carillon(1), a page of mdoc(7)."""
import json
import sys


def text(words):
    """Words as roff: no line begins with a control character, no backslash means anything."""
    lines = (words or "").replace("\\", "\\e").splitlines()
    return "\n".join("\\&" + line if line[:1] in ".'" else line for line in lines if line.strip())


def spelled(argument):
    names = [("-" if name["kind"] == "short" else "--") + name["name"] for name in argument.get("names", [])]
    names = [name.replace("---", "--") for name in names]
    value = argument.get("valueName", "value")
    if argument["kind"] == "positional":
        return f'<{value}>{"..." if argument.get("isRepeating") else ""}'
    return ", ".join(names) + (f" <{value}>" if argument["kind"] == "option" else "")


def explained(argument):
    words = [argument.get("abstract"), argument.get("discussion")]
    if argument.get("defaultValue"):
        words.append(f'Default: {argument["defaultValue"]}.')
    return text("\n".join(word for word in words if word))


def arguments(command, skipped=()):
    out = []
    for argument in command.get("arguments", []):
        name = spelled(argument)
        if not argument.get("shouldDisplay", True) or name in skipped:
            continue
        out += [f'.It Sy "{text(name)}"', explained(argument) or "\\&"]
    return [".Bl -tag -width Ds", *out, ".El"] if out else []


def verbs(command, path, shared):
    for child in command.get("subcommands", []):
        name = path + [child["commandName"]]
        if child["commandName"] == "help" or not child.get("shouldDisplay", True):
            continue
        yield f'.Ss {text(" ".join(name))}'
        for part in (child.get("abstract"), child.get("discussion")):
            if part:
                yield text(part)
        yield from arguments(child, shared)
        yield from verbs(child, name, shared)


root = json.load(sys.stdin)["command"]


def leaves(command):
    inner = [child for child in command.get("subcommands", []) if child["commandName"] != "help"]
    return [leaf for child in inner for leaf in leaves(child)] if inner else [command]


# Options of nearly every verb are explained once.
counted = {}
for leaf in leaves(root):
    for argument in leaf.get("arguments", []):
        counted.setdefault(spelled(argument), []).append(argument)
shared = {name: found[0] for name, found in counted.items() if len(found) > len(leaves(root)) / 2}
page = [".Dd $Mdocdate$", ".Dt CARILLON 1", ".Os Carillon", ".Sh NAME", ".Nm carillon", ".Nd batch job runner"]
page += [".Sh SYNOPSIS", ".Nm", ".Ar verb", ".Op Ar options", ".Sh DESCRIPTION"]
page += [text(root.get("abstract")), text(root.get("discussion")), ".Sh VERBS", *verbs(root, [], shared)]
page += [".Sh OPTIONS OF EVERY VERB", *arguments({"arguments": list(shared.values())})]
page += [".Sh FILES", ".Bl -tag -width Ds"]
page += [".It Pa /etc/carillon/jobs/*.yaml", "Jobs.", ".It Pa /etc/default/carillon", "Options of the service."]
page += [".It Pa /var/lib/carillon", "The store, logs and artifacts.", ".It Pa /run/carillon/carillon.sock"]
page += ["Where the service answers.", ".El", ".Sh SEE ALSO", ".Xr systemctl 1 , .Xr crontab 5"]
page += [".Pp", "The manual:", ".Pa /usr/share/doc/carillon/manual.md"]
print("\n".join(line for line in page if line))
