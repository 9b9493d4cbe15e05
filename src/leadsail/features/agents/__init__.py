"""Who speaks and writes for a tenant: voice agents, SMS agents, and the phone numbers they use."""
