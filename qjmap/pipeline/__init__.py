"""Steps from a project to its outputs: load and check the tables, locate the rows, draw maps, write pages, exports and reports."""
