"""The only importer of pylti1p3: login, launch, keys, tokens and grade services as LTI speaks them."""
