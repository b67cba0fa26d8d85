"""What a tap costs, beside other bots: `make bench` (docs/performance.md)."""
