"""项目总览: a project's whole life on one page."""
