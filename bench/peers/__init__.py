"""Other bots with a questionnaire of twenty questions: `python -m bench.peers.NAME API_URL`, in .venv-bench."""
