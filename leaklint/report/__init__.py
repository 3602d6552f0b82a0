"""Report formats: findings in, text out."""
