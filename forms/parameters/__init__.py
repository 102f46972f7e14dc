"""Parameters: what laws and the municipality have set, for those who may change it."""
