"""The rota: its file, what it says, who is on duty when."""
