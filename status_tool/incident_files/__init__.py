"""Text to incident, incident to text, and the folder that holds the files."""
