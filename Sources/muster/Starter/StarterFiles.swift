// swift-format-ignore-file
// Generated from registry/ by `make starter`.

extension StarterFile {
    /// The files of registry/, by path.
    static let all: [StarterFile] = [
    StarterFile(
        path: ".gitattributes",
        text: #"""
# Every file is kept byte for byte, on every system: what is served is what the file holds.
* -text

# Documents are compared and searched as text, whatever a dashboard's strings may hold.
*.json diff
*.rules diff

"""#),
    StarterFile(
        path: ".github/workflows/validate.yml",
        text: #"""
# Checks every pull request and every push: each problem is shown at its file and line.
name: validate
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  validate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Get muster
        # MUSTER_DOWNLOAD is a variable of this repository or its organisation: the address of
        # the `muster` binary that your server runs. On your own runners put it in the PATH.
        env:
          MUSTER_DOWNLOAD: ${{ vars.MUSTER_DOWNLOAD }}
        run: |
          if command -v muster; then exit 0; fi
          if [ -z "$MUSTER_DOWNLOAD" ]; then
            echo "::error::no muster in the PATH, and the variable MUSTER_DOWNLOAD is not set"
            exit 1
          fi
          mkdir -p "$HOME/.local/bin"
          curl --fail --silent --show-error --location --output "$HOME/.local/bin/muster" "$MUSTER_DOWNLOAD"
          chmod +x "$HOME/.local/bin/muster"
          echo "$HOME/.local/bin" >> "$GITHUB_PATH"
      - name: Validate
        run: muster validate .

"""#),
    StarterFile(
        path: "README.md",
        text: #"""
# Device registry

This repository **is** the registry: every file in the folders below is a document that the
registry's server serves, and every change that somebody makes through its API is one commit here.

| Folder | Holds | File |
| --- | --- | --- |
| `devices/` | devices: address, key, what they use | `<uid>.json` |
| `grafana_dashboards/` | Grafana dashboards, exactly the dashboard's own JSON | `<uid>.json` |
| `foxglove_dashboards/` | Foxglove layouts, likewise | `<uid>.json` |
| `prometheus_alert_rules/` | Prometheus rule files, plain YAML | `<uid>.rules` |
| `loki_alert_rules/` | Loki rule files, plain YAML | `<uid>.rules` |
| `certificates/` | certificate requests of devices and what was issued, public parts only | `<uid>.json` |
| `schemas/` | a JSON Schema of every kind of document, for editors and CI | `<kind>.schema.json` |
| `registry.json` | settings of the registry itself | |

A folder appears with its first document. Files anywhere else are left alone.

## Change something

1. Clone, make a branch, edit: a dashboard is the JSON that Grafana exports, a rule file is what
   `promtool check rules` reads. To add a document, add a file. To delete one, delete the file.
2. Check it: `muster validate` names every problem with its file and line. No `muster` at hand? The
   `validate` job says the same on your pull request.
3. Commit, push, open a pull request. When it is merged and pulled where the server runs, it is served.

A document that is not valid never stops the rest: its last good version stays served, and the
server's pages and `muster status` say which file it is and why.

### Editing where the server runs

The server's own repository has a working tree as any other. What you save there is served as soon
as it is valid, and is marked as uncommitted until you commit it. The server never overwrites your
edit; until it is committed, writes through the API to the same document answer 409.

### File names

The file name is the uid. Of the uid, only `A-Z a-z 0-9 . _ -` stand for themselves; every other
byte of its UTF-8, and a dot at either end, is written as `%` and two upper-case hex digits:
`arm 7` is `arm%207.json`. Folders below a collection are yours to arrange
(`devices/warehouse/robot-1.json`) and mean nothing, except those whose name ends in `%`.

### References

A device names the dashboards and rule files it uses by their uids. Delete a dashboard through the
API and the devices that use it are changed in the same commit; delete its file by hand and the
reference is reported until somebody removes it.

### Placeholders in rule files

`%%juju_device_uuid%%` in a rule file stands for the uid of the device: such a file is a template,
served once for every device that lists it. It is not valid PromQL until then, so leave templates
out when you run `promtool`:

    grep -L '%% *juju_device_uuid *%%' prometheus_alert_rules/*.rules | xargs promtool check rules

## History

    git log -- devices/robot-1.json          who changed it, when, and through which API
    git show HEAD~3:devices/robot-1.json     what it was
    git revert <commit>                      take a change back

A commit that the server made carries the caller as its author and says `Api:` and `Request-Id:`
at its end.

## What is not here

Passwords, tokens and private keys, and what devices report while they run (last contact, logs).
The server keeps those in a folder that no clone, bundle or mirror carries. A file that holds a
private key is refused: whoever can clone can read everything here.

"""#),
    StarterFile(
        path: "registry.json",
        text: #"""
{
  "format_version": 1,
  "served_branch": "main",
  "fan_out": {}
}

"""#),
    ]
}
