"""Assets behind a flow: extent, present values by stated conventions, changes by cause, damage, parcels, quotas and lots."""
