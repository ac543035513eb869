"""What a file is, told by its content and never by its name; what may be kept, what is kept apart, what is refused (D17)."""
