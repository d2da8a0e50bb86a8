"""What tests of several folders share: a real browser, and HL7's schema."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from hipkit.datasets import independent
from hipkit.errors import KitError

SCHEMA = Path("node_modules") / "@asymmetrik" / "fhir-json-schema-validator" / "fhir.schema.json"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as it is installed on this machine, started once for each process that runs tests."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        reason = "There is no Chromium on this machine, so the pages are not tried in a browser. Install chromium."
        # Where every change is tried, a test that did not run is a failure; a laptop may do without.
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def hl7_schema() -> dict:
    """HL7's schema of R4. Missing Node is a skip that is seen on a laptop and a failure where the gate must stand."""
    try:
        independent.prepare_node()
    except KitError as error:
        message = f"HL7'S FHIR SCHEMA DID NOT JUDGE THE RESOURCES: {error}"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return json.loads((independent.NODE_FOLDER / SCHEMA).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def strict_hl7_schema(hl7_schema) -> dict:
    """HL7's schema names the members of each type and does not say that it is an object: a number passes for one."""
    kinds = {name: {"type": "object"} | kind if "properties" in kind else kind
             for name, kind in hl7_schema["definitions"].items()}  # fmt: skip
    return hl7_schema | {"definitions": kinds}
