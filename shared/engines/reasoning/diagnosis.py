"""What pasted code, logs and stack traces tell, without a model: named by their error, never guessed at."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from shared.engines.reasoning.pasted import Pasted, find_pasted
from shared.models.analysis import DiagnosisResult
from shared.models.base import Model, base_language

FOLDER = Path(__file__).with_name("diagnoses")
"""One file for each language that diagnoses are written in, named by its code."""

CAUSES: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "null_reference": r"NullPointerException|NullReferenceException|of (?:undefined|null)\b|'NoneType' object"
        r"|undefined is not|nil pointer|for nil\b",
        "missing_module": r"ModuleNotFoundError|ImportError|Cannot find module|ClassNotFoundException"
        r"|NoClassDefFoundError|Could not load file or assembly|cannot load such file",
        "missing_file": r"FileNotFound|ENOENT|No such file or directory",
        "permission": r"PermissionError|EACCES|permission denied|access denied|AccessDenied|UnauthorizedAccess"
        r"|\bHTTP/[\d.]+\"? 403\b|\" 403 |\bforbidden\b",
        "unauthorised": r"\bHTTP/[\d.]+\"? 401\b|\" 401 |unauthori[sz]ed\b|authentication failed"
        r"|invalid (?:api.?)?(?:key|token|credentials)|token (?:has )?expired",
        "too_many": r"\bHTTP/[\d.]+\"? 429\b|\" 429 |too many requests|rate.?limit",
        "name_resolution": r"ENOTFOUND|getaddrinfo|name or service not known|UnknownHost|could not resolve host",
        "certificate": r"certificate|SSLError|SSLHandshake|TLS handshake|CERT_",
        "timeout": r"timed? ?out|timeout|ETIMEDOUT|deadline exceeded|\bHTTP/[\d.]+\"? 504\b|\" 504 ",
        "refused": r"ECONNREFUSED|connection ?refused|failed to connect|ConnectException|could not connect to server",
        "memory": r"OutOfMemory|MemoryError|heap out of memory|cannot allocate memory",
        "disk": r"no space left|ENOSPC|disk (?:is )?full",
        "database": r"deadlock|SQLSTATE|\bORA-\d+|duplicate key|OperationalError|IntegrityError|SQLException",
        "parse": r"JSONDecodeError|SyntaxError|unexpected token|ParseE|malformed|unexpected end of"
        r"|JsonReaderException|parse error",
        "missing_key": r"KeyError|IndexError|OutOfBounds|out of range|KeyNotFound|is not defined|NameError"
        r"|AttributeError|NoMethodError|undefined (?:variable|method|index|array key)|ReferenceError",
        "wrong_type": r"TypeError|ClassCast|InvalidCast|ValueError|NumberFormat|IllegalArgument|Argument\w*Exception"
        r"|FormatException",
        "not_found": r"\bHTTP/[\d.]+\"? 404\b|\" 404 ",
        "server": r"\bHTTP/[\d.]+\"? 50[023]\b|\" 50[023] |internal server error|bad gateway|service unavailable",
    }.items()
}
"""What the telling lines may point to; the first that fits counts."""

Text = Annotated[str, Field(min_length=1, max_length=300)]


class Cause(Model):
    cause: Text
    step: Text


class Summaries(Model):
    stack_trace: Text
    stack_trace_at: Text
    log: Text
    log_exception: Text
    log_fine: Text
    code: Text
    code_in: Text
    configuration: Text
    wrong_json: Text


class DiagnosisTexts(Model):
    """All the texts of one language."""

    summaries: Summaries
    unknown_exception: Text
    unknown_step: Text
    no_error_step: Text
    causes: dict[str, Cause]
    """One for each of CAUSES."""


@lru_cache(maxsize=1)
def diagnosis_texts() -> dict[str, DiagnosisTexts]:
    """The texts of every language. Raises pydantic's ValidationError, and ValueError naming causes without a text."""
    found: dict[str, DiagnosisTexts] = {}
    for path in sorted(FOLDER.glob("*.json")):
        texts = DiagnosisTexts.model_validate_json(path.read_bytes())
        if wrong := sorted(texts.causes.keys() ^ CAUSES.keys()):
            raise ValueError(f"{path.name}: causes: {wrong[0]} is missing or unknown")
        found[path.stem] = texts
    return found


def diagnose(text: str, language: str, engine: str) -> DiagnosisResult | None:
    """What code or logs in the text tell, in that language; null when there are none, or no texts of the language.

    Not for the event loop: the first call reads files.
    """
    pasted = find_pasted(text)
    texts = diagnosis_texts().get(base_language(language))
    if pasted is None or texts is None:
        return None
    cause = _cause(pasted, texts)
    failed = pasted.exception is not None or cause is not None
    return DiagnosisResult(
        engine=engine,
        material=pasted.material,
        programming_language=pasted.language,
        summary=_summary(pasted, texts, failed),
        likely_cause=cause.cause if cause else None,
        steps=[*([cause.step] if cause else []), texts.unknown_step if failed else texts.no_error_step],
        quotes=pasted.quotes,
    )


def _cause(pasted: Pasted, texts: DiagnosisTexts) -> Cause | None:
    if pasted.material in ("code", "configuration"):
        return None
    telling = "\n".join(pasted.quotes)
    return next((texts.causes[name] for name, pattern in CAUSES.items() if pattern.search(telling)), None)


def _summary(pasted: Pasted, texts: DiagnosisTexts, failed: bool) -> str:
    forms = texts.summaries
    exception = pasted.exception or texts.unknown_exception
    if pasted.material == "stack_trace":
        form = forms.stack_trace_at if pasted.place else forms.stack_trace
        return form.format(language=pasted.language, exception=exception, place=pasted.place)
    if pasted.material == "log":
        if pasted.exception:
            return forms.log_exception.format(exception=exception)
        return forms.log if failed or pasted.failing else forms.log_fine
    if pasted.material == "code":
        return forms.code_in.format(language=pasted.language) if pasted.language else forms.code
    return forms.wrong_json if pasted.failing else forms.configuration
