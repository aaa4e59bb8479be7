"""Pure functions over profiles: scopes, cycles condensed, call trees estimated."""
