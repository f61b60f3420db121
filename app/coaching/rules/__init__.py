"""Which steps are proposed for what, and what they say: data, kept by those who coach."""
