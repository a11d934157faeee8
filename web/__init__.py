"""What every part needs to speak HTTP: strict bodies, one shape of refusal, security headers."""
