"""Measurements as ratios in one run; never assertions on a clock."""
