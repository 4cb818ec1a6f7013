"""What deal could they sign, and how will the meeting end?"""
