"""The reviewer's list of an account: findings, outliers, and what its total depends on."""
