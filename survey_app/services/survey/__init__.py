"""The ankieta: campaigns, answers until the lock, results and the diagnoza."""
