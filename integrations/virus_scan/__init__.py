"""病毒查杀: a scanner that speaks clamd's protocol."""
