"""How a diagram runs: the process engine, with no web framework, no scheduler and no domain in it."""
