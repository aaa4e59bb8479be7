"""Text to objects and back."""

import json

text = json.dumps([{"a": [1, 2.5, None, True], "b": "x" * 20} for _ in range(300)], indent=1)
json.loads(text)
json.dumps(json.loads(text), sort_keys=True, default=str)


class Encoder(json.JSONEncoder):
    def default(self, value):
        return sorted(value)


json.dumps({"s": {3, 1, 2}, "n": list(range(99))}, cls=Encoder, indent=2)
try:
    json.loads("{")
except ValueError:
    pass
