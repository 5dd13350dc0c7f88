"""The switch of the shim that makes the server's system calls fail (faults.c)."""

import errno
import mmap
import os
import pathlib
import struct
import subprocess

import support

HERE = pathlib.Path(__file__).resolve().parent
FLUSH, WRITE, RENAME = 1, 2, 4
LAYOUT = struct.Struct("6i256s")


class Faults:
    """A plan of failing calls, shared with every server that is started with `environment`."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.library, self.file = folder / "faults.so", folder / "faults.plan"
        self.flushes = folder / "flushes"
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", self.library, HERE / "faults.c", "-ldl"], check=True)
        self.file.write_bytes(bytes(LAYOUT.size))
        with self.file.open("r+b") as file:
            self.plan = mmap.mmap(file.fileno(), LAYOUT.size)

    @property
    def environment(self):
        return {**os.environ, "LD_PRELOAD": str(self.library), "MUSTER_FAULTS": str(self.file),
                "MUSTER_FAULTS_PROGRAM": os.path.basename(support.BINARY), "MUSTER_FLUSHES": str(self.flushes)}

    def fail(self, calls, error=errno.EIO, after=0, per_mille=1000, torn=False, match="/.git/"):
        """From the call after the next `after` ones on, `per_mille` of 1,000 fail."""
        plan = LAYOUT.pack(0, error, after, per_mille, torn, 0, match.encode())
        self.plan[4:] = plan[4:]
        self.plan[:4] = struct.pack("i", calls)

    def stop(self):
        """Lets every call succeed again; returns how many have failed."""
        self.plan[:4] = struct.pack("i", 0)
        return self.failed

    @property
    def failed(self):
        return LAYOUT.unpack(self.plan[:])[5]
