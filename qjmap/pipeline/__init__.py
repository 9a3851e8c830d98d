"""From a project to its products: load, check, build, export, map."""
