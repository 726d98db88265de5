"""Trial H3: five hundred texts that try to become more than text, planted everywhere people write."""
