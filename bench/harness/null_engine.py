"""An engine that does nothing: what a run costs with it is the harness's own time."""

import json
import sys

for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "start":
        answer = {"type": "ready", "version": 1, "language": "javascript", "implementation": "null 1"}
    elif message["type"] == "run":
        answer = {"type": "outcome", "id": message["id"], "completion": "completed", "output": "", "ms": 0}
    else:
        break
    print(json.dumps(answer), flush=True)
