"""The rules, one module an area: no Matrix, no SQL, no wording, no clock of their own."""
