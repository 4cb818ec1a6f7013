"""Which figures does a run call for?"""
