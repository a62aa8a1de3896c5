"""Where rules, inputs and coefficients meet: arrays, binding, results, notices."""
