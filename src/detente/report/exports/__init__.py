"""How do the tables of a run leave for other programs?"""
