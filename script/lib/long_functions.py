"""Finds functions with more than 40 lines: the files come by standard input, the argument names the
file of exceptions ("FILE FUNCTION | REASON"). It relies on clang-format's indentation and needs no
compiler, so it sees every file, also what only Emscripten compiles."""
import re
import sys

LIMIT = 40
# Braces of these open no function.
NO_FUNCTION = re.compile(
    r"(namespace|struct|class|enum|union|extern|if|for|while|switch|do|else|try|return|case|default|"
    r"concept|const auto|auto \w+ =|static const|inline constexpr auto|template <[^>]*>\s*(struct|class|concept))\b")
ENDS_STATEMENT = (";", "{", "}", ":")


def begins_at(lines, at):
    """The first line of the statement that line `at` is the last of."""
    while at > 0:
        before = lines[at - 1].strip()
        if not before or before.endswith(ENDS_STATEMENT) or before.startswith(("//", "#")):
            break
        at -= 1
    return at


def name_of(head):
    test = re.match(r'(?:TEST_CASE|SCENARIO)\(\s*((?:"[^"]*"\s*)+)', head)
    if test:
        return "".join(re.findall(r'"([^"]*)"', test.group(1)))
    found = re.search(r"([\w:~]+|operator\W+)\(", head)
    return found.group(1) if found else head


def functions(lines):
    """Of each function its name, the number of its first line, and how many lines its body has."""
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.endswith("{") and not line.lstrip().startswith(("//", "#")):
            first = begins_at(lines, at)
            head = " ".join(each.strip() for each in lines[first:at + 1])
            indent = len(lines[first]) - len(lines[first].lstrip())
            opens = "(" in head and indent <= 2 and not NO_FUNCTION.match(head)
            if opens and not re.search(r"=\s*\w*\s*\{$", head):
                closing = " " * indent + "}"
                end = at + 1
                while end < len(lines) and not lines[end].startswith(closing):
                    end += 1
                yield name_of(head), first + 1, end - at
                at = end
        at += 1


def exceptions(path):
    with open(path, encoding="utf-8") as file:
        entries = [line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")]
    known = {}
    for entry in entries:
        key, _, reason = entry.partition(" | ")
        if not key or not reason:
            sys.exit(f"{path}: this line gives no reason: {entry}")
        known[key] = False
    return known


def main():
    known = exceptions(sys.argv[1])
    too_long = False
    for path in sys.stdin.read().split():
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        for name, number, length in functions(lines):
            if length <= LIMIT:
                continue
            key = f"{path} {name}"
            if key in known:
                known[key] = True
                continue
            print(f"    {path}:{number}: {name} has {length} lines; {LIMIT} is the limit")
            too_long = True
    for key, used in known.items():
        if not used:
            print(f"    {sys.argv[1]}: no longer needed: {key}")
    sys.exit(too_long)


main()
