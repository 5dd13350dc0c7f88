"""The descriptions of the APIs are what they say they are, by a validator of others."""

import json
import subprocess
import sys
import tempfile

import support
from support import TOP, Skip


def validate(document):
    """Judges an OpenAPI document by openapi-spec-validator."""
    program = TOP / ".build/venv/bin/openapi-spec-validator"
    if not program.exists():
        raise Skip("openapi-spec-validator is not installed (make install-test)")
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(document, file)
        file.flush()
        result = subprocess.run([program, file.name], text=True, capture_output=True, timeout=60)
    return result.returncode, result.stdout + result.stderr


def test_descriptions(scratch):
    """The native API and the COS dialect are described by valid OpenAPI 3.1 documents."""
    server = scratch.serve(scratch.registry())
    for path in "/api/openapi.json", "/api/v1/schema/":
        document = server.get(path).json
        assert document["openapi"].startswith("3.1"), path
        code, words = validate(document)
        assert code == 0, f"{path}: {words}"
    del document["info"]["title"]
    assert validate(document)[0] != 0, "what is missing is found"


def test_fuzzed(scratch):
    """What schemathesis makes up gets no 5xx and no answer that the descriptions do not have; `make fuzz` is longer."""
    if not (TOP / ".build/venv/bin/schemathesis").exists():
        raise Skip("schemathesis is not installed (make install-test)")
    result = subprocess.run(
        [sys.executable, TOP / "Tests/Fuzz/run.py", "--binary", support.BINARY, "--examples", "10"],
        text=True, capture_output=True, timeout=300)
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
    assert "2 passed, 0 failed" in result.stdout
