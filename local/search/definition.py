"""Index definitions: what the stand-in accepts, with Azure's defaults filled in, and what may change later."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from local.search.errors import SearchError, bad_request, unsupported
from local.search.tokens import Analyzer, analyzer
from local.search.values import SCALARS, VECTOR, element_type

Json = dict[str, Any]

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9]|-(?!-)){0,126}[a-z0-9]")
_FIELD_NAME = re.compile(r"(?!azureSearch)[A-Za-z][A-Za-z0-9_]{0,127}")
_FLAGS = ("key", "retrievable", "stored", "searchable", "filterable", "sortable", "facetable")
_ANALYZERS = ("analyzer", "indexAnalyzer", "searchAnalyzer")
_FIELD_KEYS = frozenset({"name", "type", *_FLAGS, *_ANALYZERS, "dimensions", "vectorSearchProfile", "synonymMaps"})
_INDEX_KEYS = frozenset(
    {"name", "description", "fields", "suggesters", "corsOptions", "similarity", "semantic", "vectorSearch"}
)
_BM25 = "#Microsoft.Azure.Search.BM25Similarity"
_MOST_DIMENSIONS = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field of an index, with every flag decided. `dimensions` is 0 for all but vectors."""

    name: str
    type: str
    key: bool
    retrievable: bool
    stored: bool
    searchable: bool
    filterable: bool
    sortable: bool
    facetable: bool
    analyze: Analyzer
    dimensions: int
    body: Json
    """As Azure answers it."""

    @property
    def is_vector(self) -> bool:
        """Whether the field holds a vector."""
        return self.type == VECTOR

    @property
    def is_text(self) -> bool:
        """Whether words are looked for in the field."""
        return self.searchable and not self.is_vector

    @property
    def is_collection(self) -> bool:
        """Whether the field holds several values."""
        return self.type.startswith("Collection(") and not self.is_vector


@dataclass(frozen=True)
class Definition:
    """One index as it was defined."""

    name: str
    fields: dict[str, Field]
    key: Field
    suggesters: dict[str, list[str]]
    semantic: dict[str, Json]
    k1: float
    b: float
    body: Json
    """As Azure answers it, without the ETag."""

    def field(self, name: str, parameter: str) -> Field:
        """The field of this name. Raises SearchError 400 naming it and the query's parameter."""
        if name not in self.fields:
            raise bad_request(
                f"Invalid expression: Could not find a property named '{name}' on type 'search.document'.\r\n"
                f"Parameter name: {parameter}"
            )
        return self.fields[name]

    @property
    def texts(self) -> list[Field]:
        """The fields in which words are looked for."""
        return [field for field in self.fields.values() if field.is_text]

    @property
    def vectors(self) -> list[Field]:
        """The fields that hold vectors."""
        return [field for field in self.fields.values() if field.is_vector]


def parse_definition(body: Json) -> Definition:
    """The definition with defaults filled in. Raises SearchError 400 naming what is wrong."""
    body = {name: value for name, value in body.items() if value not in (None, [], {}) and name != "@odata.etag"}
    if unknown := sorted(body.keys() - _INDEX_KEYS):
        raise unsupported(f"The index property '{unknown[0]}'")
    name = body.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise bad_request(
            f"Invalid index name {name!r}: it has 2 to 128 lower-case letters, digits or single dashes, "
            "and begins and ends with a letter or digit."
        )
    profiles = _profiles(_object(body.get("vectorSearch"), "vectorSearch"))
    fields = [_field(each, profiles) for each in _objects(body.get("fields"), "fields")]
    by_name = {field.name: field for field in fields}
    if len({field.name.lower() for field in fields}) < len(fields):
        raise bad_request("The index has two fields of the same name. Parameter name: fields")
    keys = [field for field in fields if field.key]
    if len(keys) != 1:
        raise bad_request(f"The index must have exactly one key field; this one has {len(keys)}.")
    k1, b = _similarity(_object(body.get("similarity"), "similarity"))
    complete = {
        "name": name,
        "description": body.get("description"),
        "defaultScoringProfile": None,
        "fields": [field.body for field in fields],
        **{empty: [] for empty in ("scoringProfiles", "analyzers", "normalizers", "tokenizers", "tokenFilters")},
        "charFilters": [],
        "corsOptions": body.get("corsOptions"),
        "suggesters": body.get("suggesters", []),
        "encryptionKey": None,
        "similarity": {"@odata.type": _BM25, "k1": k1, "b": b},
        "semantic": body.get("semantic"),
        "vectorSearch": body.get("vectorSearch"),
    }
    suggesters = _suggesters(body.get("suggesters", []), by_name)
    semantic = _semantic(_object(body.get("semantic"), "semantic"), by_name)
    return Definition(name, by_name, keys[0], suggesters, semantic, k1, b, complete)


def _field(body: Json, profiles: dict[str, str]) -> Field:
    body = {name: value for name, value in body.items() if value not in (None, [])}
    name, declared = body.get("name"), body.get("type")
    if not isinstance(name, str) or not _FIELD_NAME.fullmatch(name):
        raise bad_request(f"Invalid field name {name!r}: it begins with a letter and has letters, digits and _ only.")
    if unknown := sorted(body.keys() - _FIELD_KEYS):
        raise unsupported(f"The property '{unknown[0]}' of field '{name}'")
    if "synonymMaps" in body:
        raise unsupported(f"A synonym map, as field '{name}' has it,")
    is_vector = declared == VECTOR
    if not isinstance(declared, str) or not (is_vector or element_type(declared) in SCALARS):
        raise unsupported(f"The type {declared!r} of field '{name}'")
    flags = _flags(body, name, declared)
    if is_vector:
        _check_vector_field(body, name, profiles)
    elif "dimensions" in body or "vectorSearchProfile" in body:
        raise bad_request(f"Field '{name}': only a field of type {VECTOR} has dimensions and a vectorSearchProfile.")
    complete: Json = {
        "name": name,
        "type": declared,
        **{flag: flags[flag] for flag in _FLAGS},
        **{key: body.get(key) for key in (*_ANALYZERS, "dimensions", "vectorSearchProfile")},
        "synonymMaps": [],
    }
    return Field(
        name=name,
        type=declared,
        **flags,
        analyze=_analyzer(body, name, searchable=flags["searchable"] and not is_vector),
        dimensions=body.get("dimensions", 0),
        body=complete,
    )


def _flags(body: Json, name: str, declared: str) -> dict[str, bool]:
    is_vector, is_collection = declared == VECTOR, declared.startswith("Collection(")
    defaults = {
        "key": False,
        "retrievable": not is_vector,
        "stored": True,
        "searchable": is_vector or element_type(declared) == "Edm.String",
        "filterable": not is_vector,
        "sortable": not is_collection,
        "facetable": not is_vector,
    }
    flags = {flag: body.get(flag, default) for flag, default in defaults.items()}
    if wrong := [flag for flag, value in flags.items() if not isinstance(value, bool)]:
        raise bad_request(f"Field '{name}': '{wrong[0]}' is true or false.")
    if flags["searchable"] and not defaults["searchable"]:
        raise bad_request(f"Field '{name}' of type {declared} cannot be searchable.")
    if flags["sortable"] and is_collection:
        raise bad_request(f"Field '{name}' of type {declared} cannot be sortable.")
    if is_vector and (not flags["searchable"] or flags["filterable"] or flags["facetable"]):
        raise bad_request(f"The vector field '{name}' must be searchable, and neither filterable nor facetable.")
    if flags["key"] and (declared != "Edm.String" or not flags["retrievable"]):
        raise bad_request(f"The key field '{name}' must be a retrievable Edm.String.")
    if not flags["stored"] and (not is_vector or flags["retrievable"]):
        raise bad_request(f"Field '{name}': only a vector field that is not retrievable can have stored = false.")
    return flags


def _check_vector_field(body: Json, name: str, profiles: dict[str, str]) -> None:
    dimensions = body.get("dimensions")
    if type(dimensions) is not int or not 2 <= dimensions <= _MOST_DIMENSIONS:
        raise bad_request(f"The vector field '{name}' must have 'dimensions' from 2 to {_MOST_DIMENSIONS}.")
    if body.get("vectorSearchProfile") not in profiles:
        raise bad_request(
            f"The vector field '{name}' must name a vectorSearchProfile that the index has; "
            f"it names {body.get('vectorSearchProfile')!r}."
        )


def _analyzer(body: Json, name: str, *, searchable: bool) -> Analyzer:
    named = {key: body[key] for key in _ANALYZERS if key in body}
    if named and not searchable:
        raise bad_request(f"Field '{name}' is not searchable and so cannot have an analyzer.")
    if "analyzer" in named and len(named) > 1:
        raise bad_request(f"Field '{name}': analyzer cannot be set together with indexAnalyzer or searchAnalyzer.")
    if len(set(named.values())) > 1:
        raise unsupported(f"Another analyzer for searching than for indexing, as field '{name}' has it,")
    chosen = next(iter(named.values()), None)
    cut = analyzer(chosen)
    if cut is None:
        raise unsupported(f"The analyzer {chosen!r} of field '{name}'")
    return cut


def _profiles(vector_search: Json) -> dict[str, str]:
    if unknown := sorted(vector_search.keys() - {"algorithms", "profiles", "compressions", "vectorizers"}):
        raise unsupported(f"The property '{unknown[0]}' of vectorSearch")
    if vector_search.get("vectorizers"):
        raise unsupported("A vectorizer in vectorSearch")
    algorithms = {each.get("name"): each for each in _objects(vector_search.get("algorithms"), "algorithms")}
    for name, each in algorithms.items():
        kind = each.get("kind")
        if kind not in ("hnsw", "exhaustiveKnn"):
            raise bad_request(f"The vector algorithm '{name}' has the unknown kind {kind!r}.")
        metric = (each.get(f"{kind}Parameters") or {}).get("metric") or "cosine"
        if metric != "cosine":
            raise unsupported(f"The metric {metric!r} of the vector algorithm '{name}'")
    profiles: dict[str, str] = {}
    for profile in _objects(vector_search.get("profiles"), "profiles"):
        if profile.get("algorithm") not in algorithms:
            raise bad_request(f"The vector profile {profile.get('name')!r} names an algorithm that the index lacks.")
        profiles[str(profile.get("name"))] = str(profile["algorithm"])
    return profiles


def _similarity(similarity: Json) -> tuple[float, float]:
    if similarity.get("@odata.type", _BM25) != _BM25:
        raise unsupported(f"The similarity {similarity['@odata.type']!r}")
    k1, b = similarity.get("k1"), similarity.get("b")
    if not all(value is None or isinstance(value, int | float) for value in (k1, b)) or not 0 <= (b or 0) <= 1:
        raise bad_request("similarity takes a number k1, and a number b from 0 to 1.")
    # The defaults of BM25 in Azure AI Search, as its documentation gives them.
    return (1.2 if k1 is None else k1), (0.75 if b is None else b)


def _suggesters(suggesters: Any, fields: dict[str, Field]) -> dict[str, list[str]]:
    listed = _objects(suggesters, "suggesters")
    if len(listed) > 1:
        raise bad_request("An index can have one suggester.")
    for suggester in listed:
        if suggester.get("searchMode", "analyzingInfixMatching") != "analyzingInfixMatching":
            raise bad_request("The searchMode of a suggester is analyzingInfixMatching.")
        for name in suggester.get("sourceFields") or [None]:
            if name not in fields or not fields[name].is_text:
                raise bad_request(f"The suggester {suggester.get('name')!r} needs searchable fields; {name!r} is none.")
    return {str(each.get("name")): list(each["sourceFields"]) for each in listed}


def _semantic(semantic: Json, fields: dict[str, Field]) -> dict[str, Json]:
    configurations = {}
    for each in _objects(semantic.get("configurations"), "configurations"):
        prioritized = _object(each.get("prioritizedFields"), "prioritizedFields")
        named = [prioritized["titleField"]] if prioritized.get("titleField") else []
        named += prioritized.get("prioritizedContentFields") or []
        named += prioritized.get("prioritizedKeywordsFields") or []
        for name in (one.get("fieldName") for one in named):
            if name not in fields or not fields[name].is_text or not fields[name].retrievable:
                raise bad_request(
                    f"The semantic configuration {each.get('name')!r} needs searchable and retrievable fields; "
                    f"{name!r} is none."
                )
        configurations[str(each.get("name"))] = prioritized
    return configurations


def check_change(old: Definition, new: Definition) -> None:
    """Raises SearchError 400 when an existing index cannot be made into the new definition."""
    for field in old.fields.values():
        if field.name not in new.fields:
            raise _cannot_change(f"Existing field(s) '{field.name}' cannot be deleted.", "CannotDeleteExistingField")
        changed = new.fields[field.name].body
        for name, value in field.body.items():
            if name != "retrievable" and changed[name] != value:
                raise _cannot_change(
                    f"Existing field '{field.name}' cannot be changed ('{name}' was {value!r}).",
                    "CannotChangeExistingField",
                )
    for name, sources in new.suggesters.items():
        if old.suggesters.get(name) != sources and (known := [one for one in sources if one in old.fields]):
            raise _cannot_change(f"Existing field '{known[0]}' cannot be added to a suggester.", "FieldInSuggester")
    for kind in ("algorithms", "profiles"):
        after = {each["name"]: each for each in (new.body["vectorSearch"] or {}).get(kind, [])}
        for each in (old.body["vectorSearch"] or {}).get(kind, []):
            if each["name"] in after and after[each["name"]] != each:
                raise _cannot_change(f"The existing {kind[:-1]} '{each['name']}' cannot be changed.", "CannotChange")


def _cannot_change(message: str, code: str) -> SearchError:
    return bad_request(f"{message} Make an index of another name, or delete this one first.", code)


def _object(value: Any, name: str) -> Json:
    if value is not None and not isinstance(value, dict):
        raise bad_request(f"'{name}' must be an object.")
    return value or {}


def _objects(value: Any, name: str) -> list[Json]:
    if value is not None and not (isinstance(value, list) and all(isinstance(each, dict) for each in value)):
        raise bad_request(f"'{name}' must be a list of objects.")
    return value or []
