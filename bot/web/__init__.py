"""Pages and health. `admin` (health, metrics) and later `public` are two listeners that share nothing."""
