"""The data of ``rules/``: rule pages and library models, read, checked and looked up."""
