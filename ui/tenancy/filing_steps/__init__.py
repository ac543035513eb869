"""The steps of the guided filing, one file each."""
