"""公房系统: public tenancy certificates, their holders and the people who live there."""
