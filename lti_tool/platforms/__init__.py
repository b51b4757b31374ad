"""Where one LMS differs from another: data with the reason and its source."""
