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

# Documents are compared and searched as text, whatever a dashboard's strings may hold. JSON is
# merged by member where git knows how (README.md, "Merge"), else by line as always.
*.json diff merge=muster
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
| `craton/` | the fleet's places and people: `projects/`, `users/`, `clouds/`, `regions/`, `cells/`, `networks/`, `interfaces/` | `<uid>.json` |
| `variables/` | variables and labels of devices and places, apart from them: `variables/devices/`, ... | `<uid>.json` |
| `schemas/` | a JSON Schema of every kind of document, for editors and CI | `<kind>.schema.json` |
| `registry.json` | settings of the registry itself | |
| `policy.json` | who may do what; it changes only by those who administer the registry | |

A folder appears with its first document. Files anywhere else are left alone.

## Change something

1. Clone, make a branch, edit: a dashboard is the JSON that Grafana exports, a rule file is what
   `promtool check rules` reads. To add a document, add a file. To delete one, delete the file.
2. Check it: `muster validate` names every problem with its file and line. No `muster` at hand? The
   `validate` job says the same on your pull request.
3. Commit, push, open a pull request. When it is merged and pulled where the server runs, it is served.

### Merge

Two changes of one document join when they touch different members, panels or references, whatever
the lines, once your clone's git knows how:

    git config merge.muster.driver 'muster merge-file --marker-size %L -- %O %A %B %P'

### When a document is not valid

It never stops the rest: its last good version stays served, and the
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

### Places

A device is part of the fleet once its `region` names a file of `craton/regions/`; cloud and project follow from the
region. `parent` names the device that it hangs below, `craton.cell` its cell. A variable of a device goes before
that of the same name of its parents, then of its cell, region, cloud and project. `craton.id` is the
number that the Craton API shows; leave it out in a file that you make, and the registry finds one.

### Placeholders in rule files

`%%juju_device_uuid%%` in a rule file stands for the uid of the device: such a file is a template,
served once for every device that lists it. It is not valid PromQL until then, so leave templates
out when you run `promtool`:

    grep -L '%% *juju_device_uuid *%%' prometheus_alert_rules/*.rules | xargs -r promtool check rules

## History

    git log -- devices/robot-1.json          who changed it, when, and through which API
    git show HEAD~3:devices/robot-1.json     what it was
    git revert <commit>                      take a change back

A commit that the server made carries the caller as its author and says `Api:` and `Request-Id:`
at its end.

## What is not here

Passwords, tokens and private keys, and what devices report while they run (last contact, logs).
The server keeps those in a folder that no clone, bundle or mirror carries. A document that holds
a private key is refused: whoever can clone can read everything here.

"""#),
    StarterFile(
        path: "policy.json",
        text: #"""
{
  "roles": {
    "editor": {
      "description": "Changes and approves everything but this file and registry.json.",
      "read": [
        "*"
      ],
      "write": [
        "*"
      ],
      "approve": [
        "*"
      ]
    },
    "reader": {
      "description": "Reads everything.",
      "read": [
        "*"
      ]
    }
  },
  "anonymous": {},
  "require_message": [],
  "proposal_only": []
}

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
    StarterFile(
        path: "schemas/certificate.schema.json",
        text: #"""
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Certificate",
  "description": "certificates/<uid of the device>.json: a device's certificate request and what came of it; public parts only.",
  "type": "object",
  "required": [
    "csr",
    "status",
    "created_at",
    "updated_at"
  ],
  "additionalProperties": false,
  "properties": {
    "csr": {
      "description": "The request: PKCS#10 in PEM.",
      "type": "string",
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      },
      "pattern": "-----BEGIN (NEW )?CERTIFICATE REQUEST-----[A-Za-z0-9+/=\\s]+-----END (NEW )?CERTIFICATE REQUEST-----"
    },
    "certificate": {
      "description": "The device's certificate in PEM; empty until it is signed.",
      "type": "string",
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      },
      "default": ""
    },
    "ca": {
      "description": "The certificate of the authority that signed, in PEM.",
      "type": "string",
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      },
      "default": ""
    },
    "chain": {
      "description": "The device's certificate and those above it, in PEM.",
      "type": "string",
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      },
      "default": ""
    },
    "status": {
      "description": "How far the request is.",
      "enum": [
        "pending",
        "signed",
        "denied"
      ]
    },
    "created_at": {
      "$ref": "#/$defs/time",
      "description": "When the first request came."
    },
    "updated_at": {
      "$ref": "#/$defs/time",
      "description": "When the last change was made."
    }
  },
  "examples": [
    {
      "csr": "-----BEGIN CERTIFICATE REQUEST-----\nMIGzMGcCAQAwEjEQMA4GA1UEAwwHcm9ib3QtMTAqMAUGAytlcAMhAHN6uocHmQlt\njPx5Ou6M6O/1sis89vXizjCtqdl/0Q5woCIwIAYJKoZIhvcNAQkOMRMwETAPBgNV\nHREECDAGhwQKAAABMAUGAytlcANBABKzMjcjYXysaJfzzhl1mnF9/wMk808SNEXh\ng+hKnTEQP+8scmKIw2HAPz5rNcA2/8TMnZhYV5e8v5fAtcbiow4=\n-----END CERTIFICATE REQUEST-----",
      "certificate": "",
      "ca": "",
      "chain": "",
      "status": "pending",
      "created_at": "2026-01-31T12:00:00.123456Z",
      "updated_at": "2026-01-31T12:00:00.123456Z"
    }
  ],
  "$defs": {
    "time": {
      "description": "A time of RFC 3339; the server writes UTC with six digits.",
      "type": "string",
      "pattern": "^(?!0000)[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-9]))[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$",
      "examples": [
        "2026-01-31T12:00:00.123456Z"
      ]
    }
  }
}

"""#),
    StarterFile(
        path: "schemas/craton_cell.schema.json",
        text: #"""
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Craton cell",
  "description": "craton/cells/<uid>.json: a part of a region.",
  "type": "object",
  "required": [
    "uid",
    "name",
    "cloud",
    "region",
    "created_at"
  ],
  "additionalProperties": false,
  "properties": {
    "uid": {
      "$ref": "#/$defs/uid",
      "description": "The uid that the file name spells."
    },
    "name": {
      "description": "What people call it.",
      "type": "string",
      "maxLength": 255,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "cloud": {
      "$ref": "#/$defs/uid",
      "description": "Its cloud (craton/clouds/<uid>.json)."
    },
    "region": {
      "$ref": "#/$defs/uid",
      "description": "Its region (craton/regions/<uid>.json)."
    },
    "note": {
      "description": "What people should know.",
      "type": "string",
      "maxLength": 65535,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "created_at": {
      "$ref": "#/$defs/time",
      "description": "When it was made; never changes."
    },
    "craton": {
      "description": "What the API keeps beside the members that people edit.",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "id": {
          "description": "The integer that the API shows. The server gives it out; leave it away in a file made by hand, and change it never.",
          "type": "integer",
          "minimum": 1,
          "maximum": 9007199254740992
        },
        "updated_at": {
          "$ref": "#/$defs/time",
          "description": "When a field was last changed through the API."
        }
      }
    }
  },
  "examples": [
    {
      "uid": "row-4",
      "name": "row-4",
      "cloud": "north",
      "region": "hall-2",
      "created_at": "2026-01-31T12:00:00.123456Z",
      "craton": {
        "id": 7
      }
    }
  ],
  "$defs": {
    "uid": {
      "description": "The uid of a document: 1 to 200 characters, none of them a control character.",
      "type": "string",
      "minLength": 1,
      "maxLength": 200,
      "not": {
        "anyOf": [
          {
            "enum": [
              ".",
              ".."
            ]
          },
          {
            "pattern": "[\\u0000-\\u001f\\u007f]"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "time": {
      "description": "A time of RFC 3339; the server writes UTC with six digits.",
      "type": "string",
      "pattern": "^(?!0000)[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-9]))[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$",
      "examples": [
        "2026-01-31T12:00:00.123456Z"
      ]
    }
  }
}

"""#),
    StarterFile(
        path: "schemas/craton_cloud.schema.json",
        text: #"""
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Craton cloud",
  "description": "craton/clouds/<uid>.json: a cloud, the highest level of a project's fleet.",
  "type": "object",
  "required": [
    "uid",
    "name",
    "project",
    "created_at"
  ],
  "additionalProperties": false,
  "properties": {
    "uid": {
      "$ref": "#/$defs/uid",
      "description": "The uid that the file name spells."
    },
    "name": {
      "description": "What people call it.",
      "type": "string",
      "maxLength": 255,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "project": {
      "$ref": "#/$defs/uid",
      "description": "The project that it belongs to (craton/projects/<uid>.json)."
    },
    "note": {
      "description": "What people should know.",
      "type": "string",
      "maxLength": 65535,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "created_at": {
      "$ref": "#/$defs/time",
      "description": "When it was made; never changes."
    },
    "craton": {
      "description": "What the API keeps beside the members that people edit.",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "id": {
          "description": "The integer that the API shows. The server gives it out; leave it away in a file made by hand, and change it never.",
          "type": "integer",
          "minimum": 1,
          "maximum": 9007199254740992
        },
        "updated_at": {
          "$ref": "#/$defs/time",
          "description": "When a field was last changed through the API."
        }
      }
    }
  },
  "examples": [
    {
      "uid": "north",
      "name": "north",
      "project": "b9f10eca-66ac-4c27-9c13-9d01e65f96b4",
      "created_at": "2026-01-31T12:00:00.123456Z",
      "craton": {
        "id": 7
      }
    }
  ],
  "$defs": {
    "uid": {
      "description": "The uid of a document: 1 to 200 characters, none of them a control character.",
      "type": "string",
      "minLength": 1,
      "maxLength": 200,
      "not": {
        "anyOf": [
          {
            "enum": [
              ".",
              ".."
            ]
          },
          {
            "pattern": "[\\u0000-\\u001f\\u007f]"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "time": {
      "description": "A time of RFC 3339; the server writes UTC with six digits.",
      "type": "string",
      "pattern": "^(?!0000)[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-9]))[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$",
      "examples": [
        "2026-01-31T12:00:00.123456Z"
      ]
    }
  }
}

"""#),
    StarterFile(
        path: "schemas/craton_interface.schema.json",
        text: #"""
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Craton network interface",
  "description": "craton/interfaces/<uid>.json: an interface of a device.",
  "type": "object",
  "required": [
    "uid",
    "name",
    "device",
    "interface_type",
    "ip_address",
    "created_at"
  ],
  "additionalProperties": false,
  "properties": {
    "uid": {
      "$ref": "#/$defs/uid",
      "description": "The uid that the file name spells."
    },
    "name": {
      "description": "What people call it.",
      "type": "string",
      "maxLength": 255,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "device": {
      "$ref": "#/$defs/uid",
      "description": "Its device (devices/<uid>.json)."
    },
    "interface_type": {
      "description": "What kind of interface it is.",
      "type": "string",
      "maxLength": 255,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "ip_address": {
      "$ref": "#/$defs/numeric"
    },
    "network": {
      "$ref": "#/$defs/uid",
      "description": "Its network (craton/networks/<uid>.json)."
    },
    "vlan_id": {
      "description": "The number of its VLAN.",
      "type": "integer"
    },
    "vlan": {
      "description": "The name of its VLAN.",
      "type": "string",
      "maxLength": 255,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "port": {
      "description": "Its port.",
      "type": "integer"
    },
    "speed": {
      "description": "Its speed.",
      "type": "integer"
    },
    "duplex": {
      "description": "Its duplex mode.",
      "type": "string",
      "maxLength": 255,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "link": {
      "description": "Whether it is up.",
      "type": "string",
      "maxLength": 255,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "cdp": {
      "description": "What it says of its neighbour.",
      "type": "string",
      "maxLength": 255,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "security": {
      "description": "How it is guarded.",
      "type": "string",
      "maxLength": 255,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "created_at": {
      "$ref": "#/$defs/time",
      "description": "When it was made; never changes."
    },
    "craton": {
      "description": "What the API keeps beside the members that people edit.",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "id": {
          "description": "The integer that the API shows. The server gives it out; leave it away in a file made by hand, and change it never.",
          "type": "integer",
          "minimum": 1,
          "maximum": 9007199254740992
        },
        "updated_at": {
          "$ref": "#/$defs/time",
          "description": "When a field was last changed through the API."
        }
      }
    }
  },
  "examples": [
    {
      "uid": "robot-1.eth0",
      "name": "eth0",
      "device": "robot-1",
      "interface_type": "ethernet",
      "ip_address": "10.0.0.7",
      "port": 3,
      "created_at": "2026-01-31T12:00:00.123456Z",
      "craton": {
        "id": 7
      }
    }
  ],
  "$defs": {
    "uid": {
      "description": "The uid of a document: 1 to 200 characters, none of them a control character.",
      "type": "string",
      "minLength": 1,
      "maxLength": 200,
      "not": {
        "anyOf": [
          {
            "enum": [
              ".",
              ".."
            ]
          },
          {
            "pattern": "[\\u0000-\\u001f\\u007f]"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "time": {
      "description": "A time of RFC 3339; the server writes UTC with six digits.",
      "type": "string",
      "pattern": "^(?!0000)[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-9]))[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$",
      "examples": [
        "2026-01-31T12:00:00.123456Z"
      ]
    },
    "numeric": {
      "description": "An IPv4 or IPv6 address; no host name.",
      "type": "string",
      "anyOf": [
        {
          "title": "IPv4",
          "pattern": "^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])$"
        },
        {
          "title": "IPv6",
          "pattern": "^(([0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|([0-9A-Fa-f]{1,4}:){6}((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])|([0-9A-Fa-f]{1,4}:){1,7}:|([0-9A-Fa-f]{1,4}:){1,6}(:[0-9A-Fa-f]{1,4}){1,1}|([0-9A-Fa-f]{1,4}:){1,5}(:[0-9A-Fa-f]{1,4}){1,2}|([0-9A-Fa-f]{1,4}:){1,4}(:[0-9A-Fa-f]{1,4}){1,3}|([0-9A-Fa-f]{1,4}:){1,3}(:[0-9A-Fa-f]{1,4}){1,4}|([0-9A-Fa-f]{1,4}:){1,2}(:[0-9A-Fa-f]{1,4}){1,5}|([0-9A-Fa-f]{1,4}:){1,1}(:[0-9A-Fa-f]{1,4}){1,6}|:((:[0-9A-Fa-f]{1,4}){1,7}|:)|([0-9A-Fa-f]{1,4}:){1}(:[0-9A-Fa-f]{1,4}){0,4}:((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])|([0-9A-Fa-f]{1,4}:){2}(:[0-9A-Fa-f]{1,4}){0,3}:((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])|([0-9A-Fa-f]{1,4}:){3}(:[0-9A-Fa-f]{1,4}){0,2}:((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])|([0-9A-Fa-f]{1,4}:){4}(:[0-9A-Fa-f]{1,4}){0,1}:((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])|([0-9A-Fa-f]{1,4}:){5}(:[0-9A-Fa-f]{1,4}){0,0}:((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])|:(:[0-9A-Fa-f]{1,4}){0,5}:((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9]))$"
        }
      ]
    }
  }
}

"""#),
    StarterFile(
        path: "schemas/craton_network.schema.json",
        text: #"""
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Craton network",
  "description": "craton/networks/<uid>.json: a network of a region.",
  "type": "object",
  "required": [
    "uid",
    "name",
    "cidr",
    "gateway",
    "netmask",
    "cloud",
    "region",
    "created_at"
  ],
  "additionalProperties": false,
  "properties": {
    "uid": {
      "$ref": "#/$defs/uid",
      "description": "The uid that the file name spells."
    },
    "name": {
      "description": "What people call it.",
      "type": "string",
      "maxLength": 255,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "cidr": {
      "description": "Its addresses, 10.0.0.0/8.",
      "type": "string",
      "maxLength": 255,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "gateway": {
      "description": "Its gateway.",
      "type": "string",
      "maxLength": 255,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "netmask": {
      "description": "Its netmask.",
      "type": "string",
      "maxLength": 255,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "cloud": {
      "$ref": "#/$defs/uid",
      "description": "Its cloud (craton/clouds/<uid>.json)."
    },
    "region": {
      "$ref": "#/$defs/uid",
      "description": "Its region (craton/regions/<uid>.json)."
    },
    "cell": {
      "$ref": "#/$defs/uid",
      "description": "Its cell (craton/cells/<uid>.json)."
    },
    "ip_block_type": {
      "description": "What kind of addresses they are.",
      "type": "string",
      "maxLength": 255,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "nss": {
      "description": "Its name servers.",
      "type": "string",
      "maxLength": 255,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "created_at": {
      "$ref": "#/$defs/time",
      "description": "When it was made; never changes."
    },
    "craton": {
      "description": "What the API keeps beside the members that people edit.",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "id": {
          "description": "The integer that the API shows. The server gives it out; leave it away in a file made by hand, and change it never.",
          "type": "integer",
          "minimum": 1,
          "maximum": 9007199254740992
        },
        "updated_at": {
          "$ref": "#/$defs/time",
          "description": "When a field was last changed through the API."
        }
      }
    }
  },
  "examples": [
    {
      "uid": "lan",
      "name": "lan",
      "cidr": "10.0.0.0/8",
      "gateway": "10.0.0.1",
      "netmask": "255.0.0.0",
      "cloud": "north",
      "region": "hall-2",
      "created_at": "2026-01-31T12:00:00.123456Z",
      "craton": {
        "id": 7
      }
    }
  ],
  "$defs": {
    "uid": {
      "description": "The uid of a document: 1 to 200 characters, none of them a control character.",
      "type": "string",
      "minLength": 1,
      "maxLength": 200,
      "not": {
        "anyOf": [
          {
            "enum": [
              ".",
              ".."
            ]
          },
          {
            "pattern": "[\\u0000-\\u001f\\u007f]"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "time": {
      "description": "A time of RFC 3339; the server writes UTC with six digits.",
      "type": "string",
      "pattern": "^(?!0000)[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-9]))[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$",
      "examples": [
        "2026-01-31T12:00:00.123456Z"
      ]
    }
  }
}

"""#),
    StarterFile(
        path: "schemas/craton_project.schema.json",
        text: #"""
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Craton project",
  "description": "craton/projects/<uid>.json: a project, whose uid is a UUID.",
  "type": "object",
  "required": [
    "uid",
    "name",
    "created_at"
  ],
  "additionalProperties": false,
  "properties": {
    "uid": {
      "description": "The uid that the file name spells: a UUID in lower case.",
      "type": "string",
      "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
      "maxLength": 36
    },
    "name": {
      "description": "What people call it.",
      "type": "string",
      "maxLength": 255,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "created_at": {
      "$ref": "#/$defs/time",
      "description": "When it was made; never changes."
    },
    "craton": {
      "description": "What the API keeps beside the members that people edit.",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "id": {
          "description": "The integer that the API shows. The server gives it out; leave it away in a file made by hand, and change it never.",
          "type": "integer",
          "minimum": 1,
          "maximum": 9007199254740992
        },
        "updated_at": {
          "$ref": "#/$defs/time",
          "description": "When a field was last changed through the API."
        }
      }
    }
  },
  "examples": [
    {
      "uid": "b9f10eca-66ac-4c27-9c13-9d01e65f96b4",
      "name": "demo",
      "created_at": "2026-01-31T12:00:00.123456Z"
    }
  ],
  "$defs": {
    "time": {
      "description": "A time of RFC 3339; the server writes UTC with six digits.",
      "type": "string",
      "pattern": "^(?!0000)[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-9]))[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$",
      "examples": [
        "2026-01-31T12:00:00.123456Z"
      ]
    }
  }
}

"""#),
    StarterFile(
        path: "schemas/craton_region.schema.json",
        text: #"""
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Craton region",
  "description": "craton/regions/<uid>.json: a region of a cloud. A device whose `region` names it is part of the fleet.",
  "type": "object",
  "required": [
    "uid",
    "name",
    "cloud",
    "created_at"
  ],
  "additionalProperties": false,
  "properties": {
    "uid": {
      "$ref": "#/$defs/uid",
      "description": "The uid that the file name spells."
    },
    "name": {
      "description": "What people call it.",
      "type": "string",
      "maxLength": 255,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "cloud": {
      "$ref": "#/$defs/uid",
      "description": "Its cloud (craton/clouds/<uid>.json)."
    },
    "note": {
      "description": "What people should know.",
      "type": "string",
      "maxLength": 65535,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "created_at": {
      "$ref": "#/$defs/time",
      "description": "When it was made; never changes."
    },
    "craton": {
      "description": "What the API keeps beside the members that people edit.",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "id": {
          "description": "The integer that the API shows. The server gives it out; leave it away in a file made by hand, and change it never.",
          "type": "integer",
          "minimum": 1,
          "maximum": 9007199254740992
        },
        "updated_at": {
          "$ref": "#/$defs/time",
          "description": "When a field was last changed through the API."
        }
      }
    }
  },
  "examples": [
    {
      "uid": "hall-2",
      "name": "hall-2",
      "cloud": "north",
      "note": "Behind the gate.",
      "created_at": "2026-01-31T12:00:00.123456Z",
      "craton": {
        "id": 7
      }
    }
  ],
  "$defs": {
    "uid": {
      "description": "The uid of a document: 1 to 200 characters, none of them a control character.",
      "type": "string",
      "minLength": 1,
      "maxLength": 200,
      "not": {
        "anyOf": [
          {
            "enum": [
              ".",
              ".."
            ]
          },
          {
            "pattern": "[\\u0000-\\u001f\\u007f]"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "time": {
      "description": "A time of RFC 3339; the server writes UTC with six digits.",
      "type": "string",
      "pattern": "^(?!0000)[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-9]))[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$",
      "examples": [
        "2026-01-31T12:00:00.123456Z"
      ]
    }
  }
}

"""#),
    StarterFile(
        path: "schemas/craton_user.schema.json",
        text: #"""
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Craton user",
  "description": "craton/users/<uid>.json: a user of a project. Keys are not kept here, nor anything made from them.",
  "type": "object",
  "required": [
    "uid",
    "username",
    "project",
    "created_at"
  ],
  "additionalProperties": false,
  "properties": {
    "uid": {
      "$ref": "#/$defs/uid",
      "description": "The uid that the file name spells."
    },
    "username": {
      "description": "The name to sign in with; one of a project.",
      "type": "string",
      "maxLength": 255,
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "project": {
      "$ref": "#/$defs/uid",
      "description": "The project that it belongs to (craton/projects/<uid>.json)."
    },
    "is_admin": {
      "description": "Whether it may look after users.",
      "type": "boolean",
      "default": false
    },
    "is_root": {
      "description": "Whether it may look after projects, with is_admin.",
      "type": "boolean",
      "default": false
    },
    "created_at": {
      "$ref": "#/$defs/time",
      "description": "When it was made; never changes."
    },
    "craton": {
      "description": "What the API keeps beside the members that people edit.",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "id": {
          "description": "The integer that the API shows. The server gives it out; leave it away in a file made by hand, and change it never.",
          "type": "integer",
          "minimum": 1,
          "maximum": 9007199254740992
        },
        "updated_at": {
          "$ref": "#/$defs/time",
          "description": "When a field was last changed through the API."
        }
      }
    }
  },
  "examples": [
    {
      "uid": "ann",
      "username": "ann",
      "project": "b9f10eca-66ac-4c27-9c13-9d01e65f96b4",
      "is_admin": false,
      "created_at": "2026-01-31T12:00:00.123456Z",
      "craton": {
        "id": 7
      }
    }
  ],
  "$defs": {
    "uid": {
      "description": "The uid of a document: 1 to 200 characters, none of them a control character.",
      "type": "string",
      "minLength": 1,
      "maxLength": 200,
      "not": {
        "anyOf": [
          {
            "enum": [
              ".",
              ".."
            ]
          },
          {
            "pattern": "[\\u0000-\\u001f\\u007f]"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "time": {
      "description": "A time of RFC 3339; the server writes UTC with six digits.",
      "type": "string",
      "pattern": "^(?!0000)[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-9]))[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$",
      "examples": [
        "2026-01-31T12:00:00.123456Z"
      ]
    }
  }
}

"""#),
    StarterFile(
        path: "schemas/device.schema.json",
        text: #"""
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Device",
  "description": "devices/<uid>.json: one device, of which each API shows its part.",
  "type": "object",
  "required": [
    "uid",
    "creation_date",
    "address"
  ],
  "additionalProperties": false,
  "properties": {
    "uid": {
      "$ref": "#/$defs/uid",
      "description": "The uid that the file name spells."
    },
    "creation_date": {
      "$ref": "#/$defs/time",
      "description": "When the device was registered; never changes."
    },
    "address": {
      "$ref": "#/$defs/address"
    },
    "public_ssh_key": {
      "description": "The device's public key in OpenSSH's form; empty for none.",
      "type": "string",
      "not": {
        "anyOf": [
          {
            "pattern": "\\u0000"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      },
      "default": ""
    },
    "grafana_dashboards": {
      "description": "The Grafana dashboards that the device uses, by uid (grafana_dashboards/<uid>.json); the order says nothing.",
      "type": "array",
      "items": {
        "$ref": "#/$defs/uid"
      },
      "default": []
    },
    "foxglove_dashboards": {
      "description": "The Foxglove dashboards that the device uses, by uid (foxglove_dashboards/<uid>.json); the order says nothing.",
      "type": "array",
      "items": {
        "$ref": "#/$defs/uid"
      },
      "default": []
    },
    "prometheus_alert_rule_files": {
      "description": "The Prometheus rule files that the device uses, by uid (prometheus_alert_rules/<uid>.rules); the order says nothing.",
      "type": "array",
      "items": {
        "$ref": "#/$defs/uid"
      },
      "default": []
    },
    "loki_alert_rule_files": {
      "description": "The Loki rule files that the device uses, by uid (loki_alert_rules/<uid>.rules); the order says nothing.",
      "type": "array",
      "items": {
        "$ref": "#/$defs/uid"
      },
      "default": []
    },
    "kind": {
      "description": "What kind of device it is.",
      "enum": [
        "host",
        "network-device",
        "device"
      ],
      "default": "host"
    },
    "name": {
      "description": "What people call it; the uid where it is left out.",
      "type": "string",
      "minLength": 1,
      "not": {
        "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
      }
    },
    "parent": {
      "$ref": "#/$defs/uid",
      "description": "The device that this one is part of or connected through."
    },
    "region": {
      "$ref": "#/$defs/uid",
      "description": "The region that it is in (craton/regions/<uid>.json)."
    },
    "annotations": {
      "description": "Free for the people who keep the registry.",
      "type": "object",
      "allOf": [
        {
          "$ref": "#/$defs/public"
        }
      ]
    },
    "craton": {
      "description": "What only the Craton API knows.",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "id": {
          "description": "The integer that the API shows. The server gives it out; leave it away in a file made by hand, and change it never.",
          "type": "integer",
          "minimum": 1,
          "maximum": 9007199254740992
        },
        "updated_at": {
          "$ref": "#/$defs/time",
          "description": "When a field was last changed through the API."
        },
        "cloud": {
          "$ref": "#/$defs/uid",
          "description": "Its cloud, where that is not its region's."
        },
        "cell": {
          "$ref": "#/$defs/uid",
          "description": "Its cell (craton/cells/<uid>.json)."
        },
        "device_type": {
          "description": "What kind of machine it is.",
          "type": "string",
          "maxLength": 255,
          "not": {
            "anyOf": [
              {
                "pattern": "\\u0000"
              },
              {
                "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
              }
            ]
          }
        },
        "active": {
          "description": "Whether it is in use.",
          "type": "boolean",
          "default": true
        },
        "note": {
          "description": "What people should know.",
          "type": "string",
          "maxLength": 65535,
          "not": {
            "anyOf": [
              {
                "pattern": "\\u0000"
              },
              {
                "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
              }
            ]
          }
        },
        "model_name": {
          "description": "The model of a network device.",
          "type": "string",
          "maxLength": 255,
          "not": {
            "anyOf": [
              {
                "pattern": "\\u0000"
              },
              {
                "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
              }
            ]
          }
        },
        "os_version": {
          "description": "What a network device runs.",
          "type": "string",
          "maxLength": 255,
          "not": {
            "anyOf": [
              {
                "pattern": "\\u0000"
              },
              {
                "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
              }
            ]
          }
        },
        "vlans": {
          "description": "The VLANs of a network device.",
          "type": "string",
          "maxLength": 255,
          "not": {
            "anyOf": [
              {
                "pattern": "\\u0000"
              },
              {
                "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
              }
            ]
          }
        }
      }
    },
    "opengnsys": {
      "description": "What only the OpenGnsys API knows.",
      "type": "object",
      "allOf": [
        {
          "$ref": "#/$defs/public"
        }
      ]
    },
    "drydock": {
      "description": "What only the Drydock API knows.",
      "type": "object",
      "allOf": [
        {
          "$ref": "#/$defs/public"
        }
      ]
    },
    "gros": {
      "description": "What only the GROS API knows.",
      "type": "object",
      "allOf": [
        {
          "$ref": "#/$defs/public"
        }
      ]
    }
  },
  "examples": [
    {
      "uid": "robot-1",
      "creation_date": "2026-01-31T12:00:00.123456Z",
      "address": "10.0.0.1",
      "public_ssh_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample robot-1",
      "grafana_dashboards": [
        "linux-system"
      ],
      "foxglove_dashboards": [],
      "prometheus_alert_rule_files": [
        "low-memory"
      ],
      "loki_alert_rule_files": []
    },
    {
      "uid": "switch-1",
      "creation_date": "2026-01-31T12:00:00Z",
      "address": "switch-1.example.com",
      "kind": "network-device",
      "name": "Switch 1, rack 3",
      "annotations": {
        "shelf": 12
      }
    },
    {
      "uid": "web-1",
      "creation_date": "2026-01-31T12:00:00.123456Z",
      "address": "10.0.0.9",
      "kind": "host",
      "parent": "switch-1",
      "region": "hall-2",
      "craton": {
        "id": 12,
        "cell": "row-4",
        "device_type": "server",
        "active": false
      }
    }
  ],
  "$defs": {
    "uid": {
      "description": "The uid of a document: 1 to 200 characters, none of them a control character.",
      "type": "string",
      "minLength": 1,
      "maxLength": 200,
      "not": {
        "anyOf": [
          {
            "enum": [
              ".",
              ".."
            ]
          },
          {
            "pattern": "[\\u0000-\\u001f\\u007f]"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "time": {
      "description": "A time of RFC 3339; the server writes UTC with six digits.",
      "type": "string",
      "pattern": "^(?!0000)[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-9]))[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$",
      "examples": [
        "2026-01-31T12:00:00.123456Z"
      ]
    },
    "address": {
      "description": "An IPv4 or IPv6 address, or a host name.",
      "type": "string",
      "anyOf": [
        {
          "title": "IPv4",
          "pattern": "^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])$"
        },
        {
          "title": "IPv6",
          "pattern": "^(([0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|([0-9A-Fa-f]{1,4}:){6}((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])|([0-9A-Fa-f]{1,4}:){1,7}:|([0-9A-Fa-f]{1,4}:){1,6}(:[0-9A-Fa-f]{1,4}){1,1}|([0-9A-Fa-f]{1,4}:){1,5}(:[0-9A-Fa-f]{1,4}){1,2}|([0-9A-Fa-f]{1,4}:){1,4}(:[0-9A-Fa-f]{1,4}){1,3}|([0-9A-Fa-f]{1,4}:){1,3}(:[0-9A-Fa-f]{1,4}){1,4}|([0-9A-Fa-f]{1,4}:){1,2}(:[0-9A-Fa-f]{1,4}){1,5}|([0-9A-Fa-f]{1,4}:){1,1}(:[0-9A-Fa-f]{1,4}){1,6}|:((:[0-9A-Fa-f]{1,4}){1,7}|:)|([0-9A-Fa-f]{1,4}:){1}(:[0-9A-Fa-f]{1,4}){0,4}:((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])|([0-9A-Fa-f]{1,4}:){2}(:[0-9A-Fa-f]{1,4}){0,3}:((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])|([0-9A-Fa-f]{1,4}:){3}(:[0-9A-Fa-f]{1,4}){0,2}:((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])|([0-9A-Fa-f]{1,4}:){4}(:[0-9A-Fa-f]{1,4}){0,1}:((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])|([0-9A-Fa-f]{1,4}:){5}(:[0-9A-Fa-f]{1,4}){0,0}:((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])|:(:[0-9A-Fa-f]{1,4}){0,5}:((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9]))(%[^\\s]+)?$"
        },
        {
          "title": "host name",
          "pattern": "^(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)*(?![0-9]+$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$"
        }
      ],
      "examples": [
        "10.0.0.1",
        "2001:db8::1",
        "robot-7.example.com"
      ]
    },
    "public": {
      "description": "Any JSON without a private key in it.",
      "not": {
        "type": "string",
        "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
      },
      "items": {
        "$ref": "#/$defs/public"
      },
      "propertyNames": {
        "not": {
          "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
        }
      },
      "additionalProperties": {
        "$ref": "#/$defs/public"
      }
    }
  }
}

"""#),
    StarterFile(
        path: "schemas/foxglove_dashboard.schema.json",
        text: #"""
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Foxglove dashboard",
  "description": "foxglove_dashboards/<uid>.json: exactly the layout's own JSON, as Foxglove exports it.",
  "type": "object",
  "allOf": [
    {
      "$ref": "#/$defs/storable"
    }
  ],
  "examples": [
    {
      "configById": {},
      "globalVariables": {},
      "layout": "3D!1"
    }
  ],
  "$defs": {
    "storable": {
      "description": "Any JSON without a private key, and without numbers that no double can hold.",
      "if": {
        "type": "number"
      },
      "then": {
        "anyOf": [
          {
            "type": "integer"
          },
          {
            "minimum": -1.7976931348623157e+308,
            "maximum": 1.7976931348623157e+308
          }
        ]
      },
      "not": {
        "type": "string",
        "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
      },
      "items": {
        "$ref": "#/$defs/storable"
      },
      "propertyNames": {
        "not": {
          "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
        }
      },
      "additionalProperties": {
        "$ref": "#/$defs/storable"
      }
    }
  }
}

"""#),
    StarterFile(
        path: "schemas/grafana_dashboard.schema.json",
        text: #"""
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Grafana dashboard",
  "description": "grafana_dashboards/<uid>.json: exactly the dashboard's own JSON, as Grafana exports it.",
  "type": "object",
  "allOf": [
    {
      "$ref": "#/$defs/storable"
    }
  ],
  "examples": [
    {
      "title": "Linux system",
      "tags": [
        "robots"
      ],
      "timezone": "browser",
      "schemaVersion": 39,
      "panels": []
    }
  ],
  "$defs": {
    "storable": {
      "description": "Any JSON without a private key, and without numbers that no double can hold.",
      "if": {
        "type": "number"
      },
      "then": {
        "anyOf": [
          {
            "type": "integer"
          },
          {
            "minimum": -1.7976931348623157e+308,
            "maximum": 1.7976931348623157e+308
          }
        ]
      },
      "not": {
        "type": "string",
        "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
      },
      "items": {
        "$ref": "#/$defs/storable"
      },
      "propertyNames": {
        "not": {
          "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
        }
      },
      "additionalProperties": {
        "$ref": "#/$defs/storable"
      }
    }
  }
}

"""#),
    StarterFile(
        path: "schemas/policy.schema.json",
        text: #"""
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Policy",
  "description": "policy.json: who may do what, reviewed like data. Accounts and their roles are in the server's state; the role admin may do everything in every registry.",
  "type": "object",
  "allOf": [
    {
      "$ref": "#/$defs/public"
    }
  ],
  "additionalProperties": false,
  "properties": {
    "roles": {
      "description": "What the holders of each role may do.",
      "type": "object",
      "propertyNames": {
        "pattern": "^[a-z0-9][a-z0-9._-]{0,63}$",
        "not": {
          "anyOf": [
            {
              "const": "admin"
            },
            {
              "pattern": "\\n"
            }
          ]
        }
      },
      "additionalProperties": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "description": {
            "description": "What the role is for.",
            "type": "string"
          },
          "read": {
            "description": "What it reads; what it may change or approve it reads as well.",
            "$ref": "#/$defs/places"
          },
          "write": {
            "description": "What it changes, directly or by a proposal.",
            "$ref": "#/$defs/places"
          },
          "approve": {
            "description": "What it approves and merges of that which others propose.",
            "$ref": "#/$defs/places"
          },
          "administer": {
            "description": "Whether it may do everything, as admin may.",
            "type": "boolean"
          }
        }
      }
    },
    "anonymous": {
      "description": "What those may do who say nothing of themselves, by the way that they come; nothing where it is not named.",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "cos": {
          "description": "The API of the COS registration server. own-device: what an agent does about the device with its own address.",
          "type": "object",
          "required": [
            "rights"
          ],
          "additionalProperties": false,
          "properties": {
            "rights": {
              "enum": [
                "closed",
                "read",
                "own-device",
                "open"
              ]
            },
            "networks": {
              "$ref": "#/$defs/networks"
            }
          }
        },
        "craton": {
          "description": "Where Craton's own users may log in, and how far; open from anywhere where it is not named.",
          "type": "object",
          "required": [
            "rights"
          ],
          "additionalProperties": false,
          "properties": {
            "rights": {
              "enum": [
                "closed",
                "read",
                "open"
              ]
            },
            "networks": {
              "$ref": "#/$defs/networks"
            }
          }
        },
        "native": {
          "description": "Muster's own API.",
          "type": "object",
          "required": [
            "rights"
          ],
          "additionalProperties": false,
          "properties": {
            "rights": {
              "enum": [
                "closed",
                "read",
                "open"
              ]
            },
            "networks": {
              "$ref": "#/$defs/networks"
            }
          }
        },
        "pages": {
          "description": "The pages.",
          "type": "object",
          "required": [
            "rights"
          ],
          "additionalProperties": false,
          "properties": {
            "rights": {
              "enum": [
                "closed",
                "read",
                "open"
              ]
            },
            "networks": {
              "$ref": "#/$defs/networks"
            }
          }
        },
        "git": {
          "description": "Clone, fetch and push by HTTP.",
          "type": "object",
          "required": [
            "rights"
          ],
          "additionalProperties": false,
          "properties": {
            "rights": {
              "enum": [
                "closed",
                "read",
                "open"
              ]
            },
            "networks": {
              "$ref": "#/$defs/networks"
            }
          }
        },
        "metrics": {
          "description": "What monitoring asks.",
          "type": "object",
          "required": [
            "rights"
          ],
          "additionalProperties": false,
          "properties": {
            "rights": {
              "enum": [
                "closed",
                "read"
              ]
            },
            "networks": {
              "$ref": "#/$defs/networks"
            }
          }
        }
      }
    },
    "require_message": {
      "description": "What changes only with a message that says why.",
      "$ref": "#/$defs/governed"
    },
    "proposal_only": {
      "description": "What changes only by proposals, whoever changes it.",
      "$ref": "#/$defs/governed"
    },
    "self_approval": {
      "description": "Whether people may approve and merge what they have proposed themselves.",
      "type": "boolean",
      "default": false
    },
    "annotations": {
      "description": "Free for the people who keep the registry.",
      "type": "object",
      "allOf": [
        {
          "$ref": "#/$defs/public"
        }
      ]
    }
  },
  "$defs": {
    "places": {
      "type": "array",
      "items": {
        "enum": [
          "*",
          "craton/*",
          "variables/*",
          "devices",
          "grafana_dashboards",
          "foxglove_dashboards",
          "prometheus_alert_rules",
          "loki_alert_rules",
          "certificates",
          "craton/projects",
          "craton/users",
          "craton/clouds",
          "craton/regions",
          "craton/cells",
          "craton/networks",
          "craton/interfaces",
          "variables/devices",
          "variables/projects",
          "variables/clouds",
          "variables/regions",
          "variables/cells",
          "variables/networks",
          "variables/interfaces"
        ]
      }
    },
    "networks": {
      "description": "Where requests must come from; from elsewhere it is closed.",
      "type": "array",
      "items": {
        "type": "string",
        "pattern": "^[0-9A-Fa-f:.]*[0-9A-Fa-f:](/[0-9]{1,3})?$"
      }
    },
    "public": {
      "description": "Any JSON without a private key in it.",
      "not": {
        "type": "string",
        "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
      },
      "items": {
        "$ref": "#/$defs/public"
      },
      "propertyNames": {
        "not": {
          "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
        }
      },
      "additionalProperties": {
        "$ref": "#/$defs/public"
      }
    },
    "governed": {
      "type": "array",
      "items": {
        "enum": [
          "*",
          "craton/*",
          "variables/*",
          "devices",
          "grafana_dashboards",
          "foxglove_dashboards",
          "prometheus_alert_rules",
          "loki_alert_rules",
          "certificates",
          "craton/projects",
          "craton/users",
          "craton/clouds",
          "craton/regions",
          "craton/cells",
          "craton/networks",
          "craton/interfaces",
          "variables/devices",
          "variables/projects",
          "variables/clouds",
          "variables/regions",
          "variables/cells",
          "variables/networks",
          "variables/interfaces",
          "policy.json",
          "registry.json",
          "allowed_signers"
        ]
      }
    }
  },
  "examples": [
    {
      "roles": {
        "operator": {
          "description": "Looks after the robots.",
          "read": [
            "*"
          ],
          "write": [
            "devices",
            "variables/*"
          ],
          "approve": [
            "devices"
          ]
        },
        "auditor": {
          "read": [
            "*"
          ]
        }
      },
      "anonymous": {
        "cos": {
          "rights": "own-device",
          "networks": [
            "10.0.0.0/8"
          ]
        },
        "pages": {
          "rights": "read"
        }
      },
      "require_message": [
        "prometheus_alert_rules"
      ],
      "proposal_only": [
        "grafana_dashboards",
        "policy.json"
      ]
    }
  ]
}

"""#),
    StarterFile(
        path: "schemas/registry.schema.json",
        text: #"""
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Registry",
  "description": "registry.json: the settings of the registry, reviewed like data.",
  "type": "object",
  "required": [
    "format_version"
  ],
  "additionalProperties": false,
  "properties": {
    "format_version": {
      "description": "The version of the format; a newer one needs a newer server.",
      "const": 1
    },
    "served_branch": {
      "description": "The branch that is served and written.",
      "type": "string",
      "maxLength": 200,
      "pattern": "^[!-~]+$",
      "not": {
        "anyOf": [
          {
            "pattern": "[~^:?*\\[\\\\]"
          },
          {
            "pattern": "^[-./]|[./]$|\\.lock$|\\.\\.|//|/\\.|@\\{|^@$"
          },
          {
            "pattern": "\\n"
          }
        ]
      },
      "default": "main"
    },
    "fan_out": {
      "description": "How many nested folders new files of a collection go into, 0 to 4; files that are there stay.",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "devices": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "grafana_dashboards": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "foxglove_dashboards": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "prometheus_alert_rules": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "loki_alert_rules": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "certificates": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "craton/projects": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "craton/users": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "craton/clouds": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "craton/regions": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "craton/cells": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "craton/networks": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "craton/interfaces": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "variables/devices": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "variables/projects": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "variables/clouds": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "variables/regions": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "variables/cells": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "variables/networks": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        },
        "variables/interfaces": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4,
          "default": 0
        }
      }
    },
    "default_project": {
      "description": "The project that the fleet's page begins with.",
      "anyOf": [
        {
          "type": "null"
        },
        {
          "$ref": "#/$defs/uid"
        }
      ]
    },
    "default_cloud": {
      "description": "The cloud of devices that register, where it is not their region's.",
      "anyOf": [
        {
          "type": "null"
        },
        {
          "$ref": "#/$defs/uid"
        }
      ]
    },
    "default_region": {
      "description": "The region of devices that register without naming one.",
      "anyOf": [
        {
          "type": "null"
        },
        {
          "$ref": "#/$defs/uid"
        }
      ]
    },
    "upstream": {
      "description": "The repository that this one is kept in step with, where the pull requests live.",
      "type": [
        "object",
        "null"
      ],
      "required": [
        "url"
      ],
      "additionalProperties": false,
      "properties": {
        "url": {
          "description": "An https, http or ssh address without user and password.",
          "type": "string",
          "maxLength": 2000,
          "anyOf": [
            {
              "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[^-:/?#@\\s][^/?#@\\s]*([/?#]\\S*)?$"
            },
            {
              "pattern": "^[Ss][Ss][Hh]://([^-:/?#@\\s][^:/?#@\\s]*@)?[^-:/?#@\\s][^/?#@\\s]*([/?#]\\S*)?$"
            },
            {
              "pattern": "^([^-:/?#@\\s][^:/?#@\\s]*@)?[^-:/?#@\\s][^:/?#@\\s]*:(?!//)\\S+$"
            }
          ]
        },
        "interval_seconds": {
          "description": "How often it is looked at where no webhook tells.",
          "type": "integer",
          "minimum": 5,
          "maximum": 86400,
          "default": 60
        }
      }
    },
    "sign_commits": {
      "description": "Whether the server signs the last commit of each batch; allowed_signers names its key.",
      "type": "boolean",
      "default": false
    },
    "annotations": {
      "description": "Free for the people who keep the registry.",
      "type": "object",
      "allOf": [
        {
          "$ref": "#/$defs/public"
        }
      ]
    }
  },
  "examples": [
    {
      "format_version": 1,
      "served_branch": "main",
      "fan_out": {
        "devices": 2
      },
      "upstream": {
        "url": "https://git.example.org/fleet/registry.git"
      }
    }
  ],
  "$defs": {
    "uid": {
      "description": "The uid of a document: 1 to 200 characters, none of them a control character.",
      "type": "string",
      "minLength": 1,
      "maxLength": 200,
      "not": {
        "anyOf": [
          {
            "enum": [
              ".",
              ".."
            ]
          },
          {
            "pattern": "[\\u0000-\\u001f\\u007f]"
          },
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          }
        ]
      }
    },
    "public": {
      "description": "Any JSON without a private key in it.",
      "not": {
        "type": "string",
        "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
      },
      "items": {
        "$ref": "#/$defs/public"
      },
      "propertyNames": {
        "not": {
          "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
        }
      },
      "additionalProperties": {
        "$ref": "#/$defs/public"
      }
    }
  }
}

"""#),
    StarterFile(
        path: "schemas/rule_file.schema.json",
        text: #"""
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Rule file",
  "description": "prometheus_alert_rules/<uid>.rules and loki_alert_rules/<uid>.rules: what the YAML says, as Prometheus and Loki read it. %%juju_device_uuid%% stands for the uid of the device.",
  "type": "object",
  "allOf": [
    {
      "$ref": "#/$defs/data"
    }
  ],
  "properties": {
    "groups": {
      "$ref": "#/$defs/data",
      "description": "The groups of rules; each has a name and a list of rules."
    }
  },
  "examples": [
    {
      "groups": [
        {
          "name": "low-memory",
          "rules": [
            {
              "alert": "LowMemory",
              "expr": "node_memory_MemFree_bytes{device_instance=\"%%juju_device_uuid%%\"} < 1e9",
              "for": "5m",
              "labels": {
                "severity": "critical"
              },
              "annotations": {
                "summary": "{{ $labels.instance }} has less than 1 GB of free memory."
              }
            }
          ]
        }
      ]
    }
  ],
  "$defs": {
    "data": {
      "description": "Any data without a private key and without other placeholders.",
      "not": {
        "type": "string",
        "anyOf": [
          {
            "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
          },
          {
            "pattern": "%%\\s*(?!juju_device_uuid\\s*%%)[A-Za-z_][A-Za-z0-9_]*\\s*%%"
          }
        ]
      },
      "items": {
        "$ref": "#/$defs/data"
      },
      "propertyNames": {
        "not": {
          "anyOf": [
            {
              "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
            },
            {
              "pattern": "%%\\s*(?!juju_device_uuid\\s*%%)[A-Za-z_][A-Za-z0-9_]*\\s*%%"
            }
          ]
        }
      },
      "additionalProperties": {
        "$ref": "#/$defs/data"
      }
    }
  }
}

"""#),
    StarterFile(
        path: "schemas/variables.schema.json",
        text: #"""
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Variables",
  "description": "variables/<collection>/<uid>.json: the variables and labels of one document. A variable of a device goes before that of the same name of its parents, cell, region, cloud and project.",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "variables": {
      "description": "By name, any value; the server writes them in the order of their names.",
      "type": "object",
      "propertyNames": {
        "minLength": 1,
        "maxLength": 255
      },
      "allOf": [
        {
          "$ref": "#/$defs/public"
        }
      ],
      "default": {}
    },
    "labels": {
      "description": "The order says nothing.",
      "type": "array",
      "items": {
        "type": "string",
        "maxLength": 255,
        "not": {
          "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
        }
      },
      "default": []
    }
  },
  "examples": [
    {
      "variables": {
        "rack": 4,
        "tier": "gold"
      },
      "labels": [
        "blue",
        "green"
      ]
    }
  ],
  "$defs": {
    "public": {
      "description": "Any JSON without a private key in it.",
      "not": {
        "type": "string",
        "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
      },
      "items": {
        "$ref": "#/$defs/public"
      },
      "propertyNames": {
        "not": {
          "pattern": "-----BEGIN [^\\n-]*PRIVATE KEY"
        }
      },
      "additionalProperties": {
        "$ref": "#/$defs/public"
      }
    }
  }
}

"""#),
    ]
}
