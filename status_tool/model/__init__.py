"""What an incident is and what follows from it: values only, no disk, no clock, no settings."""
