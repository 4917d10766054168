"""What newsbot knows about news, polling and alerts; pure, no input or output."""
