"""Upstream repositories for the system tests: a folder, and git's own server behind nginx."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time
import urllib.request

from support import Skip, eventually, free_port
from test_transport import Git


class Folder:
    """A bare repository of this machine, made from a registry."""

    def __init__(self, scratch, registry=None):
        self.scratch, self.path = scratch, scratch.path / "hosted/upstream.git"
        git = Git(scratch.path)
        if registry:
            git("clone", "--quiet", "--bare", registry.path, self.path)
        else:
            git("init", "--quiet", "--bare", "--initial-branch=main", self.path)
        self.git = Git(self.path)
        self.git("config", "core.logAllRefUpdates", "true")
        self.git("config", "http.receivepack", "true")
        self.url = str(self.path)
        self.clones = 0

    def person(self):
        """A person's clone of it, which pushes there."""
        self.clones += 1
        folder = self.scratch.path / f"person-{self.clones}"
        Git(self.scratch.path)("clone", "--quiet", self.path, folder)
        return Person(folder)

    @property
    def tip(self):
        return self.git("rev-parse", "main").strip()

    def file(self, path):
        return self.git("show", f"main:{path}")

    def pushes(self):
        return len(self.git("reflog", "show", "main").splitlines())


class Person(Git):
    def change(self, path, change):
        """Changes a JSON file and pushes it; `change` gets and alters the object."""
        self("pull", "--quiet")
        file = pathlib.Path(self.folder) / path
        document = json.loads(file.read_text())
        change(document)
        self.publish(path, json.dumps(document, indent=2) + "\n")

    def publish(self, path, text, message="Change by pull request"):
        self("pull", "--quiet")
        self.commit(path, text, message)
        self("push", "--quiet", "origin", "HEAD:main")


class Host(Folder):
    """The same behind nginx and fcgiwrap, with a password."""

    user, password = "ada", "s3cr3t-w0rd"

    def __init__(self, scratch, registry=None):
        for program in ("nginx", "fcgiwrap"):
            if shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin") is None:
                raise Skip(f"{program} is not installed")
        super().__init__(scratch, registry)
        self.port = free_port()
        self.url = f"http://{self.user}:{self.password}@127.0.0.1:{self.port}/upstream.git"
        self.shown = f"http://127.0.0.1:{self.port}/upstream.git"
        self.folder = scratch.path / "nginx"
        self.folder.mkdir()
        (self.folder / "passwords").write_text(f"{self.user}:{{PLAIN}}{self.password}\n")
        (self.folder / "nginx.conf").write_text(self.configuration())
        self.processes = []
        scratch.at_end.append(self.stop)
        self.start()

    def configuration(self):
        backend = Git(self.scratch.path)("--exec-path").strip() + "/git-http-backend"
        temporary = "".join(
            f"{kind}_temp_path {self.folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        return f"""daemon off; worker_processes 1; pid {self.folder}/pid; error_log {self.folder}/errors;
{"user root;" if os.geteuid() == 0 else ""}
events {{}}
http {{
  access_log {self.folder}/access;
  {temporary}
  server {{
    listen 127.0.0.1:{self.port};
    client_max_body_size 0;
    location / {{
      auth_basic git; auth_basic_user_file {self.folder}/passwords;
      fastcgi_pass unix:{self.folder}/socket;
      fastcgi_param SCRIPT_FILENAME {backend};
      fastcgi_param GIT_PROJECT_ROOT {self.path.parent};
      fastcgi_param GIT_HTTP_EXPORT_ALL 1;
      fastcgi_param GIT_PROTOCOL $http_git_protocol;
      fastcgi_param HTTP_CONTENT_ENCODING $http_content_encoding;
      fastcgi_param PATH_INFO $uri;
      fastcgi_param QUERY_STRING $query_string;
      fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param CONTENT_TYPE $content_type;
      fastcgi_param CONTENT_LENGTH $content_length;
      fastcgi_param REMOTE_USER $remote_user;
      fastcgi_param REMOTE_ADDR $remote_addr;
    }}
  }}
}}
"""

    def start(self):
        path = os.environ["PATH"] + ":/usr/sbin"
        with (self.folder / "output").open("ab") as output:
            for command in (["fcgiwrap", "-c", "2", "-s", f"unix:{self.folder}/socket"],
                            ["nginx", "-c", self.folder / "nginx.conf", "-e", self.folder / "errors"]):
                program = shutil.which(command[0], path=path)
                self.processes.append(subprocess.Popen(
                    [program, *command[1:]], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                    cwd=self.folder, env={**Git.environment, "PATH": path}, start_new_session=True))
                eventually(lambda: command[0] != "fcgiwrap" or (self.folder / "socket").exists())
        eventually(self.answers, what=f"nginx ({(self.folder / 'output').read_text()})")

    def answers(self):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=2)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def stop(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(10)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # Their workers.
        self.processes.clear()
        (self.folder / "socket").unlink(missing_ok=True)


def sync(server, **body):
    answer = server.post("/api/registry/v1/sync", body)
    assert answer.status == 200, answer
    return answer.json


def status(server):
    return server.get("/api/registry/v1/sync").json


def in_step(server, host, seconds=15):
    """Waits until both have the same tip."""
    def same():
        return server.get("/readyz").json["commit"] == host.tip
    eventually(same, seconds, f"one tip ({status(server)})")


def settled(server):
    """Waits until the first sync is over."""
    eventually(lambda: status(server).get("last_sync"), 15, "the first sync")
    time.sleep(0.1)
