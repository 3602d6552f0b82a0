"""The language server: what editors show while a server is being written. Needs the extra ``lsp``."""
