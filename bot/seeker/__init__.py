"""What a person who asks for help meets."""
