"""租赁网签备案: filing, cancelling, finding and printing leases (rows 5-10)."""
