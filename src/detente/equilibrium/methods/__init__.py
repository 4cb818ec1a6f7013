"""How is a fixed point found?"""
