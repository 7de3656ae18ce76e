"""The demonstration: a private homeserver, the bot as operators run it, and people with real encrypted clients."""
