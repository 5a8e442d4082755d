"""Things that go wrong and come right again, of which people hear once each."""
