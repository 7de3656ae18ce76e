"""The Matrix edge: the only importer of nio. The input and output are ours; nio does the Olm and Megolm."""
