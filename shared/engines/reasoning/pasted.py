"""Code, logs, stack traces and configuration that a customer pasted: what they are, and their telling lines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

Material = Literal["code", "log", "stack_trace", "configuration"]

MOST_LINES = 400
"""Lines of a message that are read; each of at most so many characters:"""
LONGEST_LINE = 500


@dataclass(frozen=True)
class Pasted:
    """What was found in a message."""

    material: Material
    language: str | None = None
    exception: str | None = None
    """The error's name, such as `KeyError`."""
    place: str | None = None
    """Where it happened, such as `orders.py:12`."""
    quotes: list[str] = field(default_factory=list)
    """The telling lines, word for word."""
    failing: bool = False
    """Whether a line says that something went wrong."""


_NAME = r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*"
_ERROR = rf"(?:{_NAME}\.)?[A-Z]\w*(?:Error|Exception|Failure|Fault|Interrupt|Exit)"


@dataclass(frozen=True)
class _Trace:
    """How the stack traces of a language look."""

    language: str
    frame: re.Pattern[str]
    """A line of the stack, with `file` and `line`."""
    error: re.Pattern[str]
    """The line that says what went wrong, with `name`."""
    head: re.Pattern[str] | None = None
    """A line that only such a trace has; without it a frame and an error are needed."""
    deepest_last: bool = False
    """Whether the place of the error is the last frame rather than the first."""


_TRACES = (
    _Trace(
        "Python",
        re.compile(r'^\s*File "(?P<file>[^"\n]+)", line (?P<line>\d+)'),
        re.compile(rf"^(?P<name>{_ERROR}|{_NAME}(?:Error|Exception))(?::|\s*$)"),
        re.compile(r"^\s*Traceback \(most recent call last\)"),
        deepest_last=True,
    ),
    _Trace(
        ".NET",
        re.compile(r"^\s*at .{1,300}\) in (?P<file>.{1,200}):line (?P<line>\d+)"),
        re.compile(rf"(?:^|Unhandled exception\. |---> )\s*(?P<name>(?:System|Microsoft)\.{_NAME}Exception)\b"),
    ),
    _Trace(
        "Java",
        re.compile(rf"^\s*at {_NAME}(?:/{_NAME})?\.(?:[\w$<>]+)\((?P<file>\w+\.(?:java|kt|scala)):(?P<line>\d+)\)"),
        re.compile(rf'^\s*(?:Exception in thread "[^"]*" |Caused by: )?(?P<name>{_ERROR})(?::|\s*$)'),
        re.compile(r'^Exception in thread "'),
    ),
    _Trace(
        "JavaScript",
        re.compile(r"^\s*at (?:.{1,200} \()?(?P<file>[^\s()]{1,300}?):(?P<line>\d+):\d+\)?\s*$"),
        re.compile(rf"^\s*(?:Uncaught (?:\(in promise\) )?)?(?P<name>{_ERROR}|Error)\b"),
        re.compile(rf"^\s*Uncaught (?:\(in promise\) )?(?:{_ERROR}|Error)\b"),
    ),
    _Trace(
        "Go",
        re.compile(r"^\s*(?P<file>\S{1,200}\.go):(?P<line>\d+)"),
        re.compile(r"^(?P<name>panic): "),
        re.compile(r"^goroutine \d+ \["),
    ),
    _Trace(
        "PHP",
        re.compile(r"^#\d+ (?P<file>.{1,200}\.php)\((?P<line>\d+)\)"),
        re.compile(
            rf"^(?:PHP )?(?:Fatal error|Parse error|Warning|Notice): .*?(?P<name>{_ERROR})?"
            r".*? in (?P<file>\S{1,200}\.php)(?: on line |:)(?P<line>\d+)"
        ),
        re.compile(r"^(?:PHP )?(?:Fatal|Parse) error: "),
    ),
    _Trace(
        "Ruby",
        re.compile(r"^\s*(?:from )?(?P<file>\S{1,200}\.rb):(?P<line>\d+):in "),
        re.compile(r"^\S{1,200}\.rb:\d+:in .{1,300}\((?P<name>[A-Z]\w*(?:::\w+)*)\)\s*$"),
    ),
    _Trace(
        "Rust",
        re.compile(r"panicked at (?P<file>\S{1,200}\.rs):(?P<line>\d+):\d+"),
        re.compile(r"^thread '[^']*' (?P<name>panicked) at "),
        re.compile(r"^thread '[^']*' panicked at "),
    ),
)

_STAMP = re.compile(
    r"^\W{0,2}(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\d\d/\w{3}/\d{4}:\d\d:\d\d|\w{3} +\d{1,2} \d\d:\d\d:\d\d"
    r"|\d\d:\d\d:\d\d[.,]\d)"
)
_LEVEL = re.compile(
    r"\b(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL|SEVERE)\b|\[(?:error|warn|info|crit)\]"
)
_ACCESS = re.compile(r'"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S{1,400} HTTP/[\d.]+" (?P<status>\d{3})\b')
_STATUS_LINE = re.compile(r"^\W{0,2}(?:HTTP/[\d.]+ (?P<status>\d{3})\b|curl: \(\d+\) )")
_ERROR_LINE = re.compile(rf"^\s*(?:Uncaught )?{_ERROR}: \S")
_BAD_LINE = re.compile(
    r"\b(?:ERROR|CRITICAL|FATAL|SEVERE)\b|\[(?:error|crit)\]|\bWARN(?:ING)?\b|"
    r'" [45]\d\d\b|HTTP/[\d.]+ [45]\d\d\b|^curl: |\b[Ff]ailed\b|[Ee]xception\b'
)

_FENCE = re.compile(r"^[ \t]*```[ \t]*(?P<name>[\w+#.-]*)[ \t]*\n(?P<body>[\s\S]*?)(?:^[ \t]*```|\Z)", re.MULTILINE)
_FENCE_NAMES = {
    "py": "Python", "python": "Python", "js": "JavaScript", "javascript": "JavaScript", "ts": "TypeScript",
    "typescript": "TypeScript", "java": "Java", "cs": "C#", "csharp": "C#", "c#": "C#", "php": "PHP", "rb": "Ruby",
    "ruby": "Ruby", "go": "Go", "rust": "Rust", "sql": "SQL", "html": "HTML", "css": "CSS", "bash": "Shell",
    "sh": "Shell", "shell": "Shell", "powershell": "PowerShell", "kotlin": "Kotlin", "swift": "Swift",
}  # fmt: skip
_CONFIGURATION_NAMES = {"json", "yaml", "yml", "toml", "ini", "env", "xml", "properties", "conf"}

_CODE_LINES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (language, re.compile(rf"^\s*(?:{pattern})"))
    for language, pattern in (
        ("Python", r"def \w+\(.*\).*:|from [\w.]+ import |import \w[\w.]*\s*(?:as \w+)?$|elif .*:|except .*:"),
        ("JavaScript", r"(?:const|let|var) [\w{\[].*=|(?:async )?function\b.*\(|console\.\w+\(|.*=>\s*[{(]"),
        ("Java", r"(?:public |private |protected )(?:static |final )*[\w<>\[\]]+ .*[{;(]|System\.out\."),
        ("C#", r"using [\w.]+;|namespace [\w.]+|Console\.Write"),
        ("PHP", r"<\?php|\$\w+\s*=.*;|echo .*;"),
        ("SQL", r"SELECT .+ FROM |INSERT INTO |UPDATE \w+ SET |DELETE FROM |CREATE TABLE "),
        ("C", r"#include\s*[<\"]|int main\s*\("),
        ("HTML", r"<(?i:!DOCTYPE|html|head|body|div|script|form|table|iframe)\b"),
        ("Shell", r"#!/\S+|\$ \w+|sudo \w+|npm (?:install|run)|pip install|curl -\w"),
    )
)
_ENDS_AS_CODE = re.compile(r"[;{}]\s*$|^\s*[})\]]+[;,]?\s*$")
_CODE_LINES_NEEDED = 2

_JSON_BLOCK = re.compile(r"^[ \t]*\{[ \t]*\n[\s\S]{0,5000}?^\}[ \t]*$", re.MULTILINE)

_SECTION = re.compile(r"^\s*\[[\w .:-]{1,60}\]\s*$")
_SETTING = re.compile(r"^\s*[A-Za-z_][\w.-]{0,60}\s*=\s*\S")
_ENVIRONMENT = re.compile(r"^\s*(?:export )?[A-Z][A-Z0-9_]{2,60}=\S")
_XML = re.compile(r"^\s*<\?xml\b|^\s*<(?:configuration|appSettings|project|settings)\b")


def find_pasted(text: str) -> Pasted | None:
    """What of the kind the message holds, the most telling first; null when it is all words."""
    lines = [line[:LONGEST_LINE] for line in text.splitlines()[:MOST_LINES]]
    finders: tuple[Callable[[], Pasted | None], ...] = (
        lambda: _stack_trace(lines),
        lambda: _log(lines),
        lambda: _fenced(text),
        lambda: _configuration(text, lines),
        lambda: _code(lines),
    )
    return next((found for find in finders if (found := find()) is not None), None)


def without_pasted(text: str) -> str:
    """The text without the lines that a machine wrote; the whole text when there are none."""
    if find_pasted(text) is None:
        return text
    bare = _JSON_BLOCK.sub("\n", _FENCE.sub("\n", text))
    lines = bare.splitlines()
    traces = [trace for trace in _TRACES if any(trace.frame.search(line[:LONGEST_LINE]) for line in lines)]
    kept: list[str] = []
    removed = False
    for line in lines:
        # What is indented under a machine's line belongs to it: source in a trace, an entry's second line.
        removed = _is_by_machine(line[:LONGEST_LINE], traces) or (removed and line[:1].isspace())
        if not removed:
            kept.append(line)
    return "\n".join(kept)


def _is_by_machine(line: str, traces: list[_Trace]) -> bool:
    of_trace = (
        pattern for trace in traces for pattern in (trace.frame, trace.error, trace.head) if pattern is not None
    )
    of_code = (pattern for _, pattern in _CODE_LINES)
    of_configuration = (_SECTION, _SETTING, _ENVIRONMENT, _XML, _ENDS_AS_CODE)
    return _is_log_line(line) or any(
        pattern.search(line) for patterns in (of_trace, of_code, of_configuration) for pattern in patterns
    )


def _stack_trace(lines: list[str]) -> Pasted | None:
    for trace in _TRACES:
        frames = [(line, match) for line in lines if (match := trace.frame.search(line))]
        errors = [(line, match) for line in lines if (match := trace.error.search(line))]
        head = trace.head is not None and any(trace.head.search(line) for line in lines)
        if not errors or not (frames or head):
            continue
        # The last error is the cause in Java's "Caused by" and in Python's chained tracebacks the one that came out.
        line, error = errors[-1]
        after = lines[lines.index(line) :]
        follow = [(frame, match) for frame, match in frames if frame in after]
        place = (frames[-1:] if trace.deepest_last else follow[:1] or frames[:1]) or [(line, error)]
        named = error["name"] or next(iter(re.findall(_ERROR, line)), None)
        return Pasted(
            "stack_trace",
            failing=True,
            language=trace.language,
            exception=named.rsplit(".", 1)[-1] if named else None,
            place=_place(place[0][1]),
            quotes=_quotes([line, place[0][0]]),
        )
    return None


def _place(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    if not groups.get("file"):
        return None
    name = re.split(r"[\\/]", groups["file"])[-1]
    return f"{name}:{groups['line']}" if name else None


def _log(lines: list[str]) -> Pasted | None:
    entries = [line for line in lines if _is_log_line(line)]
    if not entries:
        return None
    telling = [line for line in entries if _BAD_LINE.search(line) or _ERROR_LINE.search(line)]
    error = next((match for line in telling if (match := re.search(_ERROR, line))), None)
    name = error[0].rsplit(".", 1)[-1] if error else None
    return Pasted("log", exception=name, quotes=_quotes(telling[-3:] or entries[-1:]), failing=bool(telling))


def _is_log_line(line: str) -> bool:
    if _ACCESS.search(line) or _STATUS_LINE.search(line) or _ERROR_LINE.search(line):
        return True
    return _STAMP.search(line) is not None and _LEVEL.search(line) is not None


def _fenced(text: str) -> Pasted | None:
    for fence in _FENCE.finditer(text):
        name, body = fence["name"].lower(), fence["body"]
        if not body.strip():
            continue
        first = _quotes(body.splitlines())[:1]
        if name in _CONFIGURATION_NAMES:
            return _json(body) if name == "json" else Pasted("configuration", quotes=first)
        found = _configuration(body, body.splitlines()) or _code(body.splitlines())
        return found or Pasted("code", language=_FENCE_NAMES.get(name), quotes=first)
    return None


def _configuration(text: str, lines: list[str]) -> Pasted | None:
    start, end = text.find("{"), text.rfind("}")
    if 0 <= start < end and re.match(r'\{\s*"[^"\n]{1,100}"\s*:', text[start:]) and "\n" in text[start:end]:
        return _json(text[start : end + 1])
    marked = [line for line in lines if _XML.search(line)]
    sections = [line for line in lines if _SECTION.search(line)]
    settings = [line for line in lines if _SETTING.search(line) and not _ENDS_AS_CODE.search(line)]
    environment = [line for line in lines if _ENVIRONMENT.search(line)]
    if marked or (sections and settings) or len(environment) >= _CODE_LINES_NEEDED:
        return Pasted("configuration", quotes=_quotes([*marked, *sections, *environment])[:1])
    return None


def _json(text: str) -> Pasted:
    """JSON with the line at which it stops being that, or with its first line."""
    lines = text.splitlines()
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        # A comma that is missing is noticed on the line after it.
        around = _quotes(lines[max(error.lineno - 2, 0) : error.lineno])
        return Pasted("configuration", quotes=around or _quotes(lines)[:1], failing=True)
    except RecursionError:
        pass  # too deep to be read is not wrong
    return Pasted("configuration", quotes=_quotes(lines)[:1])


def _code(lines: list[str]) -> Pasted | None:
    telling = [(name, line) for line in lines for name, pattern in _CODE_LINES if pattern.search(line)]
    alike = [line for line in lines if _ENDS_AS_CODE.search(line)]
    if not telling or len({line for _, line in telling} | set(alike)) < _CODE_LINES_NEEDED:
        return None
    names = [name for name, _ in telling]
    return Pasted("code", language=max(names, key=names.count), quotes=_quotes([telling[0][1]]))


def _quotes(lines: list[str]) -> list[str]:
    return list(dict.fromkeys(_stripped(lines)))


def _stripped(lines: list[str]) -> Iterator[str]:
    return (line.strip() for line in lines if line.strip())
