"""街镇用户: links of users, users without one, changes of streets (row 50)."""
