"""School facts and links decide who sits in which automatic chat: rules, plan, reconcile."""
