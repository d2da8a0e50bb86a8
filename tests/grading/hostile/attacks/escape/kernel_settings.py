# /// attack
# tries = "Changes a setting of the kernel."
# points = 0
# shows = ["changed"]
# ///
# %% before count
with open("/proc/sys/kernel/domainname", "w") as file:
    file.write(bait["token"])
