"""Control flow read off places: what encloses an operation, where control can leave, what is kept on which exit."""
