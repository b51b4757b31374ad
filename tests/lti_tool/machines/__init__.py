"""Several machines: hosts in network namespaces of their own, with their own database and one address before them."""
