"""What time brings to the running bot: one table of jobs (jobs.py), and who does the work of each."""
