"""What people type, and what they read on a terminal."""
