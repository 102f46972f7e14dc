"""What goes on, for those who run the installation: log lines, metrics and spans, with ids and without persons."""
