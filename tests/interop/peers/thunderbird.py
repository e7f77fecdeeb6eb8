"""Answers lines of paths, see `converse` in ../matrix/execute.mjs: what Thunderbird shows of the messages.

Words: the program, the folder of its profile, and a port that is free.
"""

import base64
import json
import subprocess
import sys

from marionette_driver.marionette import Marionette

program, profile, port, script = sys.argv[1:]
arguments = ["--headless", "--no-remote", "--marionette", "--remote-allow-system-access"]
thunderbird = subprocess.Popen(
    [program, *arguments, "--profile", profile],
    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
)
try:
    marionette = Marionette(host="127.0.0.1", port=int(port))
    marionette.raise_for_port(timeout=60, check_process_status=False)
    marionette.start_session()
    marionette.timeout.script = 30
    marionette.set_context("chrome")
    with open(script, encoding="utf-8") as file:
        show = file.read()
    for line in sys.stdin:
        try:
            paths = line.rstrip("\n").split("\t")
            if paths == ["version"]:
                shown = marionette.session_capabilities["browserVersion"]
            else:
                shown = marionette.execute_async_script(show, script_args=[paths], sandbox="system")
            print("ok", base64.b64encode(json.dumps(shown).encode()).decode(), flush=True)
        except Exception as error:
            print("error", f"{type(error).__name__}: {error}".replace("\n", " "), flush=True)
finally:
    thunderbird.terminate()
    thunderbird.wait()
