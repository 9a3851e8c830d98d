"""The command line: parse arguments, call the functions that do the work, print their results, and set the exit code."""
