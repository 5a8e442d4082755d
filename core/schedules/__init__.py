"""What runs by itself at times that people say: how those are said, which instants they are, and what is made then."""
