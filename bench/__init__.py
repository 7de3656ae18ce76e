"""Benchmarks: each prints ratios against a named floor or peer from one run on one server."""
