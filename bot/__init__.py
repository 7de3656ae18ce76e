"""Liaison: an end-to-end encrypted Matrix bot between an international criminal justice mechanism and civil society."""

import os

__version__ = "0.1.0"

# Before numpy is imported: its threads wait busily after each product and take the processor from the embedding model,
# which makes a question three times slower on two cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
