"""Tasks of a team, kept in the channels where they came up."""
