"""What would each government choose?"""
