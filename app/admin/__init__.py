"""Admin: the set-up checklist, company settings, the audit and kept mails."""
