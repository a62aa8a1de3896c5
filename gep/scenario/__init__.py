"""What an account would come to if land, inputs, coefficients or prices were other than they are: beside the account, never in it."""
