"""`python -m huaxin.gateway` is `huaxin gateway`."""

from .cli import main

raise SystemExit(main())
