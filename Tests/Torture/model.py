"""What one client has written: every request is a step from one state of its documents to the next.

A state is a dict from (collection, uid) to what the document says: the address and the dashboards of
a device, the title of a dashboard, the text of a rule file, the state of a certificate. Clients own
their uids, so each knows exactly what must be there.
"""

import random
from dataclasses import dataclass

CSR = """-----BEGIN CERTIFICATE REQUEST-----
MIHLMHQCAQAwEjEQMA4GA1UEAwwHdG9ydHVyZTBZMBMGByqGSM49AgEGCCqGSM49
AwEHA0IABLcA3wAx3x2vJbFcKFFVKvOrd8gFa0iSEy2m7/oHuPaHgVtxgGCpL9cX
lb4R1LpTz7WYXuDzNoGLO/uAWO+96uSgADAKBggqhkjOPQQDAgNHADBEAiBKDRIe
9wtNFHtQL4PnlHfP0VSw8YtmnR5MIJfxKWxfnQIgBY8J7zc8TMu7bu1Mz2F2Cg0D
70kiUYffPJkgcLxMwGQ=
-----END CERTIFICATE REQUEST-----
"""
RULES = """groups:
  - name: {name}
    rules:
      - alert: {name}
        expr: up == 0
"""
BOARDS = "/api/v1/applications/grafana/dashboards/"
RULE_FILES = "/api/v1/applications/prometheus/alert_rules/"
DEVICES = "/api/v1/devices/"


@dataclass
class Step:
    """A request, and the state that it makes when it is done."""

    method: str
    path: str
    body: object
    after: dict


class Model:
    """The documents of one client: `w3-device-5`, `w3-board-1`, ..."""

    def __init__(self, number, seed):
        self.prefix = f"w{number}-"
        self.random = random.Random(f"{seed}/{number}")
        self.state = {}
        self.count = 0

    def step(self):
        """Some request that is possible now."""
        kinds = [self.device] * 8 + [self.remove_device, self.rename_device, self.certificate] * 2
        kinds += [self.board] * 3 + [self.remove_board, self.rules, self.remove_rules]
        while True:
            step = self.random.choice(kinds)()
            if step is not None:
                return step

    def uids(self, collection):
        return sorted(uid for kind, uid in self.state if kind == collection)

    def existing(self, collection):
        uids = self.uids(collection)
        return self.random.choice(uids) if uids else None

    def uid(self, word, of=9):
        return f"{self.prefix}{word}-{self.random.randrange(of)}"

    def address(self):
        self.count += 1
        return f"10.{self.count >> 16 & 255}.{self.count >> 8 & 255}.{self.count & 255}"

    def changed(self, *, remove=(), put=None):
        after = {key: value for key, value in self.state.items() if key not in remove}
        return {**after, **(put or {})}

    def boards(self):
        boards = self.uids("grafana_dashboards")
        return sorted(self.random.sample(boards, self.random.randint(0, len(boards))))

    def device(self):
        uid, address, boards = self.uid("device"), self.address(), self.boards()
        body = {"uid": uid, "address": address, "grafana_dashboards": boards}
        after = self.changed(put={("devices", uid): (address, *boards)})
        if ("devices", uid) not in self.state:
            return Step("POST", DEVICES, body, after)
        return Step(self.random.choice(["PUT", "PATCH"]), f"{DEVICES}{uid}/", body, after)

    def remove_device(self):
        uid = self.existing("devices")
        gone = {("devices", uid), ("certificates", uid)}
        return uid and Step("DELETE", f"{DEVICES}{uid}/", None, self.changed(remove=gone))

    def rename_device(self):
        uid, new = self.existing("devices"), self.uid("renamed")
        if uid is None or ("devices", new) in self.state:
            return None
        old = {("devices", uid), ("certificates", uid)}
        moved = {(kind, new): value for (kind, name), value in self.state.items() if (kind, name) in old}
        return Step("PATCH", f"{DEVICES}{uid}/", {"uid": new}, self.changed(remove=old, put=moved))

    def certificate(self):
        uid = self.existing("devices")
        if uid is None:
            return None
        path = f"{DEVICES}{uid}/certificate/"
        if self.state.get(("certificates", uid)) == "pending":
            after = self.changed(put={("certificates", uid): "denied"})
            return Step("PATCH", path, {"status": "denied"}, after)
        return Step("POST", path, {"csr": CSR}, self.changed(put={("certificates", uid): "pending"}))

    def board(self):
        uid, title = self.uid("board", 4), f"Board {self.address()}"
        body = {"uid": uid, "dashboard": {"title": title}}
        after = self.changed(put={("grafana_dashboards", uid): title})
        if ("grafana_dashboards", uid) not in self.state:
            return Step("POST", BOARDS, body, after)
        return Step("PATCH", f"{BOARDS}{uid}/", {"dashboard": {"title": title}}, after)

    def remove_board(self):
        """Takes the dashboard out of every device that shows it: one commit of several files."""
        uid = self.existing("grafana_dashboards")
        if uid is None:
            return None
        after = self.changed(remove={("grafana_dashboards", uid)})
        after = {key: tuple(part for part in value if part != uid) if key[0] == "devices" else value
                 for key, value in after.items()}
        return Step("DELETE", f"{BOARDS}{uid}/", None, after)

    def rules(self):
        uid = self.uid("rules", 3)
        text = RULES.format(name=f"n{self.address()}")
        after = self.changed(put={("prometheus_alert_rules", uid): text})
        if ("prometheus_alert_rules", uid) not in self.state:
            return Step("POST", RULE_FILES, {"uid": uid, "rules": text}, after)
        return Step("PATCH", f"{RULE_FILES}{uid}/", {"rules": text}, after)

    def remove_rules(self):
        uid = self.existing("prometheus_alert_rules")
        gone = {("prometheus_alert_rules", uid)}
        return uid and Step("DELETE", f"{RULE_FILES}{uid}/", None, self.changed(remove=gone))
