"""How things are said to people: due dates, moments, states, history."""
