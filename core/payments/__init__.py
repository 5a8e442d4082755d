"""What is paid: exact amounts in a currency's smallest units, ways to pay, and what may become of a payment."""
