"""«Объявления»: to the school, classes, roles; who may post, who sees, who has read (FLOWS 9)."""
