"""Verbs by subject: plain functions that flush and leave the commit to the edge."""
