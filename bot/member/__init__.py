"""What lawyers and coordinators meet."""
