"""Whether finished plans helped, and what helps here."""
