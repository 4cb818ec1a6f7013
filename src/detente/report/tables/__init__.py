"""Which numbers stand in tables?"""
