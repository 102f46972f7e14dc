"""The published processes: diagrams, elements, starting one by hand."""
