"""The city portal (一网通办): it signs citizens in, and its front end asks for prechecks."""
