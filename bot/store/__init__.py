"""What is remembered: the only importer of SQLAlchemy. One file an area; every query takes `tx`."""
