"""JSON Schema: which of it can be used here, and whether a value fits, at a bounded cost. Pure.

`compile_schema` judges a schema once and names every keyword that it cannot use. `check_value` judges a value without
holding up the event loop; `CompiledSchema.find_misfit` does it at once. The cost is counted in steps (`budget`), so no
value and no schema can take long. Nothing here quotes a value, which may be long or private.
"""
