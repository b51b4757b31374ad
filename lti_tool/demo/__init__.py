"""The demo: the real tool and the practice LMS on two sites of this machine, prepared and started in one go."""
