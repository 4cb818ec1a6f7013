"""How fast is the solver, on which world, at which residual, and against whom?"""
