"""The neutral words of a chat: requests, replies, commands and their arguments."""
