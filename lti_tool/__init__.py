"""An LTI 1.3 Advantage tool that embeds module packages into learning management systems."""
