#!/usr/bin/env bash
# cel-expr-python 0.1.3: the checker calls a.?b optional, and calls a[?'b'] dynamic, although both mean the same.
#
# Seen: for a variable of dynamic type, the return type of a.?b is optional_type<DYN>, and that of a[?'b'] is DYN.
# Expected: the same type for both, because the index form is only another way to write the field.
# Who meets it: an editor of flows that lets its users write expressions, and that asks the checker whether an
# optional value would leave the expression. That check finds the field form only. This script only compiles. An
# optional that leaves inside a list or map can end the process.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 120 venv/bin/pip install --quiet --no-compile --disable-pip-version-check cel-expr-python==0.1.3
timeout 30 venv/bin/python - <<'PY'
from cel_expr_python import cel
from cel_expr_python.ext import ext_optional

environment = cel.NewEnv(variables={"a": cel.Type.DYN}, extensions=[ext_optional.ExtOptional()])
types = {source: str(environment.compile(source).return_type()) for source in ("a.?b", "a[?'b']", "a.?b.c", "a[?'b'].c")}
for source, name in types.items():
    print(f"{source:12} {name}")
assert types == {"a.?b": "optional_type<DYN>", "a[?'b']": "DYN", "a.?b.c": "optional_type<DYN>", "a[?'b'].c": "DYN"}
PY
