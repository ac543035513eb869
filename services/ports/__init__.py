"""What we ask of outside systems, in our words; integrations fulfil these protocols."""
