"""The platform: the tasks of the command line over HTTP, page by page."""
