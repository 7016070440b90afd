"""What a cold start loads before the first request: nothing that only the engines need."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("numpy", "onnxruntime", "tokenizers", "scipy", "sklearn", "google.genai", "azure.ai", "babel", "phonenumbers")


def test_importing_the_app_loads_no_model_and_no_numbers() -> None:
    program = f"import function_app, sys; print(*(name for name in {HEAVY!r} if name in sys.modules))"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)

    assert done.stdout.split() == []
