"""Serve the page of a project on this machine: rebuild it when files change, and write edits made in it to the tables.

server    the HTTP server: routes, responses, start and end
guard     decides which requests are answered
watch     rebuilds the page when files of the project change
"""

from qjmap.serve.server import LocalServer

__all__ = ["LocalServer"]
