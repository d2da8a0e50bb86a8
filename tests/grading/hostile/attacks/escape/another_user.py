# /// attack
# tries = "Becomes root by a program that may make it so, and writes a file of the teacher's."
# points = 0
# shows = ["changed"]
# ///
# %% before count
import subprocess

command = f"echo {bait['token']} >> {bait['outside']}/diary.txt"
for program in (["su", "root", "-c", command], ["sudo", "-n", "sh", "-c", command], ["pkexec", "sh", "-c", command]):
    try:
        subprocess.run(program, stdin=subprocess.DEVNULL, timeout=5)
        break
    except (OSError, subprocess.TimeoutExpired):
        continue
