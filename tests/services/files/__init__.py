"""Tests of what is done with files from outside: structure checks, workbooks, pictures, papers, names."""
