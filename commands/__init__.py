"""The command line, one subject a module; each command gets what the composition root wires by `@pass_root`."""
