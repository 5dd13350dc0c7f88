"""The commands beside serve."""

import json
import re
import subprocess

import support
from support import Repository, eventually, free_port, muster, need


def test_new_registry_is_valid(scratch):
    """What init makes is clean, passes its own validation, and has no document."""
    for name, options in (("small", []), ("large", ["--devices", 100_000])):
        registry = scratch.registry(name, *options)
        registry.check()
        assert len(registry.commits()) == 1
        assert muster("validate", registry.path).stdout.startswith("0 documents: 0 errors")
    assert '"devices": 2' in registry.read("registry.json")


def test_validate_names_every_problem(scratch):
    """validate names file, line or pointer, and reason of each problem, of files and of revisions."""
    registry = scratch.registry()
    registry.write("devices/a.json", '{\n  "uid": "a",\n  "address" "10.0.0.1"\n}\n')
    registry.write("devices/b.json", json.dumps(
        {"uid": "b", "creation_date": "2026-01-31T12:00:00.000000Z", "address": "10.0.0.1", "adress": "x"}))
    registry.write("prometheus_alert_rules/c.rules", "groups: [\n")
    result = muster("validate", registry.path, check=False)
    assert result.returncode == 1
    for expected in ("devices/a.json:3", "devices/b.json", "/adress", "prometheus_alert_rules/c.rules"):
        assert expected in result.stdout, (expected, result.stdout)
    assert muster("validate", registry.path, "--rev", "HEAD").returncode == 0
    registry.git("add", ".")
    registry.git("commit", "--quiet", "--message", "problems")
    assert muster("validate", registry.path, "--rev", "HEAD", check=False).returncode == 1
    assert muster("validate", registry.path, "--rev", "HEAD~1").returncode == 0

    result = muster("validate", "--json", registry.path, check=False)
    report = json.loads(result.stdout)
    assert result.returncode == 1 and report["valid"] is False and report["errors"] >= 3
    assert {problem["path"] for problem in report["problems"]} >= {"devices/a.json", "devices/b.json"}


def test_validate_annotates_on_github(scratch):
    """In a workflow each problem is an annotation of its file and line."""
    registry = scratch.registry()
    registry.write("devices/a.json", '{\n  "uid": "a",\n')
    result = muster("validate", registry.path, check=False, env={"GITHUB_ACTIONS": "true"})
    assert re.search(r"^::error file=devices/a.json,line=\d+::", result.stdout, re.M), result.stdout


def test_demo(scratch):
    """The demonstration is valid, has 30 robots and their switches, some hundred commits, and is served."""
    muster("demo", scratch.path / "demo", "--no-serve")
    registry = Repository(scratch.path / "demo")
    registry.check()
    assert len(list((registry.path / "devices").rglob("*.json"))) == 35
    assert len(list((registry.path / "variables/devices").rglob("*.json"))) == 30
    assert len(registry.commits()) > 250
    assert len(set(registry.git("log", "--format=%an").split("\n"))) > 30
    assert " 0 errors, 0 warnings" in muster("validate", registry.path).stdout
    server = scratch.serve(registry)
    assert len(server.get("/api/v1/devices/").json) == 35
    fleet = server.get("/fleet/", Accept="text/html").body.decode()
    assert "Harbour" in fleet and "Rotterdam terminal" in fleet, fleet
    assert server.stop() == 0
    registry.check()


def test_demo_rules(scratch):
    """promtool accepts the demonstration's rules that are no templates."""
    need("promtool")
    muster("demo", scratch.path / "demo", "--no-serve")
    files = [file for file in (scratch.path / "demo/prometheus_alert_rules").iterdir()
             if "%%" not in file.read_text()]
    assert files
    subprocess.run(["promtool", "check", "rules", *files], check=True, capture_output=True)


def test_demo_in_a_temporary_folder(scratch):
    """Without a folder the demonstration leaves nothing behind."""
    port = free_port()
    process = subprocess.Popen(
        [support.BINARY, "demo", "--port", str(port)], stderr=subprocess.PIPE, text=True,
        stdin=subprocess.DEVNULL, env={"TMPDIR": str(scratch.path), "PATH": "/usr/bin:/bin"})
    try:
        for line in process.stderr:
            if "/overview" in line:
                break
        assert list(scratch.path.glob("muster-demo-*"))
        process.terminate()
        process.stderr.read()
        assert process.wait(20) == 0
    finally:
        process.kill()
    assert not list(scratch.path.glob("muster-demo-*"))


def test_doctor(scratch):
    """doctor finds nothing wrong with a new registry, and says what to do about what is."""
    registry = scratch.registry()
    result = muster("doctor", registry.path)
    assert all(line.startswith("ok ") for line in result.stdout.splitlines()), result.stdout
    registry.write("devices/a.json", "{")
    result = muster("doctor", registry.path, check=False)
    assert result.returncode == 1 and "devices/a.json" in result.stdout and "->" in result.stdout
    registry.git("stash", "--include-untracked", "--quiet")
    registry.git("switch", "--quiet", "--create", "other")
    result = muster("doctor", registry.path, check=False)
    assert result.returncode == 1 and "git switch main" in result.stdout


def test_doctor_of_what_is_no_registry(scratch):
    """doctor says what a folder is instead, and tells when documents cannot be read."""
    registry = scratch.registry()
    plain, bare = scratch.path / "plain", scratch.path / "bare"
    registry.git("init", "--quiet", plain)
    registry.git("clone", "--quiet", "--bare", registry.path, bare)
    for folder, expected in ((scratch.path / "none", "does not exist"), (bare, "bare repository"),
                             (plain, "is no registry"), (scratch.path, "is no git repository")):
        result = muster("doctor", folder, check=False)
        assert result.returncode == 1 and expected in result.stdout, (folder, result.stdout)
        assert len(result.stdout.splitlines()) <= 3, result.stdout
    registry.write("registry.json", '{"format_version": 99}\n')
    result = muster("doctor", registry.path, check=False)
    assert result.returncode == 1 and "format 99" in result.stdout and "newer muster" in result.stdout


def test_wrong_folders(scratch):
    """A folder that is missing, or no folder, or full is one clear line, and exit code 1."""
    (scratch.path / "file").write_text("")
    for arguments, expected in (
            (["validate", "none"], "none does not exist; `muster init none`"),
            (["serve", "--registry", "none"], "none does not exist"),
            (["status", "none"], "none does not exist"),
            (["validate", "file"], "file is no folder"),
            (["serve", "--registry", "file"], "file is no folder"),
            (["init", "file"], "the folder cannot be made"),
            (["init", "."], ". is not empty"),
            (["demo", ".", "--no-serve"], ". is not empty")):
        result = muster(*arguments, check=False, cwd=scratch.path)
        assert result.returncode == 1 and expected in result.stderr, (arguments, result)
        assert len(result.stderr.splitlines()) == 1 and not result.stdout, (arguments, result)


def test_status(scratch):
    """status tells of uncommitted edits, and that no server runs."""
    registry = scratch.registry()
    assert muster("status", registry.path, check=False).returncode == 1
    server = scratch.serve(registry)
    assert "serving main" in muster("status", registry.path).stdout
    server.add_device("robot-1")
    registry.write("devices/robot-1.json", "{")
    eventually(lambda: "devices/robot-1.json" in muster("status", registry.path).stdout, 3)
    assert json.loads(muster("status", "--json", registry.path).stdout)["branch"] == "main"


def test_settings_come_from_three_places(scratch):
    """A flag goes before the environment, that before muster.json; a mistake in any is named."""
    registry = scratch.registry()
    (scratch.path / "muster.json").write_text('{"port": 1, "modelName": "fleet"}')
    server = scratch.serve(registry)
    server.add_device("robot-1")
    assert b"/fleet-grafana/" in server.get("/devices/robot-1", Accept="text/html").body
    (scratch.path / "muster.json").write_text('{"prot": 1}')
    result = muster("serve", "--registry", registry.path, check=False, cwd=scratch.path)
    assert result.returncode == 2 and "prot" in result.stderr


def test_completions(scratch):
    """The program completes itself in bash, zsh and fish."""
    for shell in ("bash", "zsh", "fish"):
        assert "validate" in muster("--generate-completion-script", shell).stdout
