"""Figures that the README quotes, and the scripts that print them."""
