"""Tells what the doctor says of a process to the user of a number: PID UID PY-SPY. All is imported before."""

import json
import os
import sys

from proftui.live import doctor, processes

pid, uid, spy = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
processes.python_of(os.getpid())  # what psutil imports late
if uid:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
setattr(doctor, "binary", lambda: spy)  # noqa: B010  # it is no part of what the module gives
diagnosis = doctor.diagnose(pid)
print(json.dumps([diagnosis.ok, diagnosis.cause, diagnosis.remedy, dict(diagnosis.facts)]))
