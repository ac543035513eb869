"""Personal data on its way out: who looked, what leaves as a file, what is shown in clear and why."""
