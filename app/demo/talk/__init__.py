"""What people of the demo school write to each other: scripts by hand in text files, who speaks
them, and the rows of chats that they become.
"""
