"""What does a run say in words?"""
