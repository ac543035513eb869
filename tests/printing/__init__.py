"""Tests of the printed papers: what a reader, a scanner and a text extraction get from them."""
