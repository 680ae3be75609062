"""Exit 0 when /readyz answers 200 and has seen the named parts within the last minute."""

import json
import sys
import urllib.error
import urllib.request

url, *parts = sys.argv[1:]
request = urllib.request.Request(f"{url}/readyz", headers={"Host": "127.0.0.1"})  # noqa: S310  our own server
try:
    with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310
        state = json.load(answer)
except urllib.error.HTTPError as error:
    sys.exit(error.read().decode(errors="replace"))
except OSError as error:
    sys.exit(str(error))
seen = state.get("seen_seconds_ago", {})
silent = [part for part in parts if seen.get(part, 60) >= 60]
sys.exit(f"not seen: {', '.join(silent)}" if silent else 0)
