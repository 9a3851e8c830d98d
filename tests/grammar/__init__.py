"""Cases of single cells and headers that the program and the page read alike, one JSON file a topic."""
