"""The commands of ``lti-tool``, one file per subject."""
