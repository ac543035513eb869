"""项目总览: the whole life of a project on one page, from land to delivery (rows 58-62)."""
