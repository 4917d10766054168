"""newsbot: news alerts for Slack and Discord."""
