"""Cases of single cells and headers, one JSON file for each topic, which the Python code and the page's scripts must read in the same way."""
