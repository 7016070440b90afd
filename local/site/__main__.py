"""`python -m local.site`: the built front end on this machine, with /api forwarded and the stack's dashboard."""

from __future__ import annotations

import os
from pathlib import Path

from local.dashboard import Access, Dashboard
from local.serve import part_arguments, run_part
from local.site.application import build
from local.site.rules import RulesError


def main() -> None:
    """The command line."""
    parser = part_arguments("The front end, by the rules of its staticwebapp.config.json.", 4280)
    parser.add_argument("--dist", type=Path, default=Path("frontend/dist"), help="folder of the built front end")
    parser.add_argument("--api", default="http://127.0.0.1:7071", help="where requests for /api go")
    options = parser.parse_args()
    if not (options.dist / "index.html").is_file():
        raise SystemExit(f"site: {options.dist} holds no index.html: build the front end with `make setup`")
    dashboard = Dashboard(options.data, Access.of(os.environ))
    try:
        run_part(
            lambda: build(options.dist, options.api, dashboard), options.port, exit_with_stdin=options.exit_with_stdin
        )
    except RulesError as error:
        raise SystemExit(f"site: {error}") from None


if __name__ == "__main__":
    main()
