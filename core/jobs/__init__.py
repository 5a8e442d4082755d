"""Jobs: work that goes on in the background, by whom it was asked for, how far it is and what came of it."""
