"""What the bot can tell: content files and, later, the matching of questions. Knows nothing of Matrix or storage."""
