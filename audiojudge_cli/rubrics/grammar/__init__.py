"""How the rules expander reads a caption: forms, clauses, contexts, claims, questions."""
