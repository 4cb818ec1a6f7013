"""What do the shipped cases print, and which numbers stand in their tables?"""
