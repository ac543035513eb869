"""The reviewer's queue: one component for every kind of record that waits for somebody's word."""
