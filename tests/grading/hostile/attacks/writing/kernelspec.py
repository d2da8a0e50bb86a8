# /// attack
# tries = "Leaves a kernel of its own that is started in place of Python's."
# points = 0
# shows = ["changed"]
# ///
# %% before count
import json
import sys
from pathlib import Path

for home in (Path.home(), Path(bait["home"])):
    folder = home / ".local/share/jupyter/kernels/python3"
    folder.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": bait["token"], "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec))
