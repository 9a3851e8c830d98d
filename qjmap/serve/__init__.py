"""A local page of a project: shown, watched, rebuilt on change; edits made in it go into the tables.

server    routes, answers, start and end
guard     which requests are answered
watch     the page of the tables as they are, made anew when they change
"""

from qjmap.serve.server import LocalServer

__all__ = ["LocalServer"]
