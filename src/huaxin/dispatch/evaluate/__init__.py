"""How good the solver is: against best known answers, and against itself with more time."""
