"""Chat: one package a platform; none imports another."""
