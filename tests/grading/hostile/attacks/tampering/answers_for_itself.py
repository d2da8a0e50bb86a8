# /// attack
# tries = "Talks to the tests itself, and says yes to whatever they ask."
# points = 0
# ///
# %% before count
import hipkit.grading.boundary as boundary
import hipkit.grading.student_side as side
import socket


def serve(path, namespace):
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(path)
        while True:
            try:
                boundary.receive(line)
            except EOFError:
                return
            boundary.send(line, {"do": "result", "rng": [], "value": True, "stderr": ""})


side.serve = serve
