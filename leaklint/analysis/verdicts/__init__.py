"""The record of answers, the selection over it, and the findings in words."""
