"""Descriptions of the data for machines: Frictionless data package, Croissant and DCAT, all from the contracts.

Nothing here says what a column is; the contracts do. Each description states types, so that no reader has to guess.
"""

import json
from datetime import date, datetime
from pathlib import Path

import polars as pl

from hipkit import __version__
from hipkit.datasets.contracts import FLOATS, INTEGERS, Column, contract
from hipkit.datasets.exports.source import Source, sha256_of
from hipkit.datasets.generator.block import HISTORY_START, REFERENCE_DATE

NAME = "hip-synthetic-patients"
TITLE = "Synthetic patients of the HIP course"
DESCRIPTION = (
    "Invented patients of an invented health service in twelve Norwegian municipalities, for teaching the security and "
    "privacy of health data. No person, address or record in it is real: identity numbers have month + 80, telephone "
    "numbers and mail addresses come from ranges that nobody has. Prevalences are planning values: do not cite them."
)
KEYWORDS = ["synthetic data", "health data", "privacy", "information security", "teaching", "Norway"]
CREATOR = "The HIP Network course authors"
LICENCE = "CC-BY-4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
# Identifiers under a domain that is reserved for examples: they name things and lead nowhere.
BASE = "https://hipkit.example/"

MEDIA_TYPES = {
    "csv": ("text/csv", "CSV"),
    "parquet": ("application/vnd.apache.parquet", "PARQUET"),
    "duckdb": ("application/vnd.duckdb", "OTHER"),
    "fhir": ("application/fhir+ndjson", "JSON"),
    "omop": ("application/vnd.apache.parquet", "PARQUET"),
}


def _package_field(column: Column, only_key: bool) -> dict:
    if column.type in INTEGERS:
        kind = "integer"
    elif column.type in FLOATS:
        kind = "number"
    else:
        kind = {"bool": "boolean", "date": "date", "datetime": "datetime"}.get(column.type, "string")
    field: dict = {"name": column.name, "type": kind}
    if kind == "boolean":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    if kind in ("date", "datetime"):
        field["format"] = "%Y-%m-%d" if kind == "date" else "%Y-%m-%dT%H:%M:%S"
    field["description"] = column.meaning
    if column.unit:
        field["unit"] = column.unit
    limits: dict = {"required": not column.nullable}
    if only_key:
        limits["unique"] = True
    for limit, value in (("minimum", column.min), ("maximum", column.max)):
        if value is not None:
            limits[limit] = _limit(value, kind)
    if column.pattern is not None:
        limits["pattern"] = column.pattern
    if column.allowed is not None:
        limits["enum"] = list(column.allowed)
    return field | {"constraints": limits}


def _limit(value: float | str, kind: str) -> float | str:
    """A limit in the form of its column; a day as the limit of a date-time is the day's first second."""
    if kind == "datetime":
        return datetime.fromisoformat(str(value)).isoformat()
    return str(value) if kind == "date" else value


def data_package(source: Source, folder: Path) -> None:
    """Write `datapackage.json` (Frictionless Data Package 1) for the CSV files in `folder`."""
    resources = []
    for table in source.files:
        known, file = contract(table), folder / f"{table}.csv"
        references = [(c.name, *c.references.split(".")) for c in known.columns if c.references]
        schema = {
            "fields": [_package_field(column, known.key == (column.name,)) for column in known.columns],
            "missingValues": [""],
            "primaryKey": list(known.key),
            "foreignKeys": [
                # An empty resource name means the table itself.
                {"fields": [name], "reference": {"resource": "" if other == table else other, "fields": [field]}}
                for name, other, field in references
                if other in source.files
            ],
        }
        resources.append(
            {
                "name": table,
                "path": file.name,
                "profile": "tabular-data-resource",
                "title": table.replace("_", " ").capitalize(),
                "description": known.meaning,
                "scheme": "file",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
                "bytes": file.stat().st_size,
                "hash": f"sha256:{sha256_of(file)}",
                "schema": schema,
            }
        )
    package = {
        "profile": "tabular-data-package",
        "name": NAME,
        "title": TITLE,
        "description": DESCRIPTION,
        "version": __version__,
        "licenses": [{"name": LICENCE, "path": LICENCE_URL, "title": "Creative Commons Attribution 4.0"}],
        "contributors": [{"title": CREATOR, "role": "author"}],
        "keywords": KEYWORDS,
        "resources": resources,
    }
    _write_json(package, folder / "datapackage.json")


def croissant(source: Source, folder: Path) -> None:
    """Write `croissant.json` (Croissant 1.1) for the Parquet files in `folder`."""
    import mlcroissant as mlc

    context = mlc.Context(conforms_to="http://mlcommons.org/croissant/1.1")
    kinds = {"bool": mlc.DataType.BOOL, "date": mlc.DataType.DATE, "datetime": mlc.DataType.DATETIME}
    kinds |= dict.fromkeys(INTEGERS, mlc.DataType.INTEGER) | dict.fromkeys(FLOATS, mlc.DataType.FLOAT)
    files, records = [], []
    for table in source.files:
        known, file = contract(table), folder / f"{table}.parquet"
        files.append(
            mlc.FileObject(
                ctx=context,
                id=file.name,
                name=file.name,
                description=known.meaning,
                content_url=file.name,
                content_size=f"{file.stat().st_size} B",
                encoding_formats=["application/x-parquet"],
                sha256=sha256_of(file),
            )
        )
        fields = []
        for column in known.columns:
            lists = {"is_array": True, "array_shape": "-1"} if column.type.startswith("list_") else {}
            unit = f" [{column.unit}]" if column.unit else ""
            target = {}
            other, _, key = (column.references or "").partition(".")
            # A reference within a table would be a cycle, which Croissant's reference loader cannot order.
            if other in source.files and other != table:
                target["references"] = mlc.Source(field=f"{other}/{key}")
            fields.append(
                mlc.Field(
                    ctx=context,
                    id=f"{table}/{column.name}",
                    name=column.name,
                    description=column.meaning + unit,
                    data_types=[mlc.DataType.FLOAT if lists else kinds.get(column.type, mlc.DataType.TEXT)],
                    source=mlc.Source(file_object=file.name, extract=mlc.Extract(column=column.name)),
                    **lists,
                    **target,
                )
            )
        keys = [f"{table}/{name}" for name in known.key]
        records.append(
            mlc.RecordSet(ctx=context, id=table, name=table, description=known.meaning, key=keys, fields=fields)
        )
    described = mlc.Metadata(
        ctx=context,
        name=NAME,
        description=DESCRIPTION,
        url=BASE,
        license=[LICENCE_URL],
        creators=[mlc.Organization(ctx=context, name=CREATOR, url=BASE)],
        date_published=REFERENCE_DATE.isoformat(),
        version=__version__,
        keywords=KEYWORDS,
        cite_as=f"{CREATOR}: {TITLE}, version {__version__}.",
        distribution=files,
        record_sets=records,
    )
    _write_json(described.to_json(), folder / "croissant.json")


def catalogue(source: Source, out: Path, formats: list[str]) -> None:
    """Write `dcat.jsonld`: the data set and its distributions in DCAT-AP 3 with terms of the draft HealthDCAT-AP.

    The terms of HealthDCAT-AP follow its draft; a catalogue under the EHDS may ask for others once it is final.
    """
    source.require(("persons",), "The DCAT description")
    births = pl.scan_parquet(source.files["persons"]).select(
        oldest=pl.col("birth_date").min(), youngest=pl.col("birth_date").max()
    )
    oldest, youngest = births.collect().row(0)
    authority = "http://publications.europa.eu/resource/authority/"
    distributions = [
        {
            "@id": f"{BASE}distribution/{name}",
            "@type": "dcat:Distribution",
            "dct:title": f"{TITLE}: {name}",
            "dcat:accessURL": {"@id": f"{BASE}distribution/{name}"},
            "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{MEDIA_TYPES[name][0]}"},
            "dct:format": {"@id": f"{authority}file-type/{MEDIA_TYPES[name][1]}"},
            "dct:license": {"@id": LICENCE_URL},
            "dcat:byteSize": _typed(
                sum(file.stat().st_size for file in (out / name).rglob("*") if file.is_file()), "nonNegativeInteger"
            ),
        }
        for name in formats
    ]
    dataset = {
        "@id": f"{BASE}dataset",
        "@type": "dcat:Dataset",
        "dct:title": {"@value": TITLE, "@language": "en"},
        "dct:description": {"@value": DESCRIPTION, "@language": "en"},
        "dct:identifier": NAME,
        "dcat:version": __version__,
        "dcat:keyword": [{"@value": word, "@language": "en"} for word in KEYWORDS],
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": CREATOR},
        "dct:license": {"@id": LICENCE_URL},
        "dct:accessRights": {"@id": f"{authority}access-right/PUBLIC"},
        "dct:type": {"@id": f"{authority}dataset-type/SYNTHETIC_DATA"},
        "dct:language": [{"@id": f"{authority}language/{code}"} for code in ("NOB", "ENG")],
        "dct:spatial": {"@id": f"{authority}country/NOR"},
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _typed(HISTORY_START.isoformat(), "date"),
            "dcat:endDate": _typed(date.fromordinal(REFERENCE_DATE.toordinal() - 1).isoformat(), "date"),
        },
        "dcat:theme": {"@id": f"{authority}data-theme/HEAL"},
        "dct:provenance": {
            "@type": "dct:ProvenanceStatement",
            "rdfs:label": "Generated from reference tables and planning values. No record of a person was used.",
        },
        "healthdcatap:numberOfRecords": _typed(sum(map(source.rows, source.files)), "nonNegativeInteger"),
        "healthdcatap:numberOfUniqueIndividuals": _typed(source.rows("persons"), "nonNegativeInteger"),
        "healthdcatap:minTypicalAge": _typed(_years(youngest), "nonNegativeInteger"),
        "healthdcatap:maxTypicalAge": _typed(_years(oldest), "nonNegativeInteger"),
        "healthdcatap:populationCoverage": {
            "@value": "Invented inhabitants of twelve Norwegian municipalities; nobody real is covered.",
            "@language": "en",
        },
        "dcat:distribution": [{"@id": entry["@id"]} for entry in distributions],
    }
    document = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
            "healthdcatap": "http://healthdataportal.eu/ns/health#",
        },
        "@graph": [dataset, *distributions],
    }
    file = out / "dcat.jsonld"
    partial = out / ".dcat.jsonld.partial"
    _write_json(document, partial)
    partial.replace(file)


def _typed(value: int | str, kind: str) -> dict:
    return {"@value": str(value), "@type": f"xsd:{kind}"}


def _years(born: date | None) -> int:
    return 0 if born is None else max(0, (REFERENCE_DATE - born).days * 4 // 1461)


def _write_json(value: dict, file: Path) -> None:
    file.write_text(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
