"""What earlier runs know, and who holds the corpus."""
