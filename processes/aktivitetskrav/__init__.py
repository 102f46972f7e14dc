"""The activity requirement in income support: from biståndsbeslut to activity, follow-up and deviation."""
