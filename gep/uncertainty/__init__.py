"""How sure an account is: many draws of its uncertain numbers, evaluated by the rules that made it."""
