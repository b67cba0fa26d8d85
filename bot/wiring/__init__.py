"""Everything is built here, once, and by keyword: for the running bot, for commands and for tests.

Three levels, each on top of the one before; take the lowest that has what you need, for each costs a start its time:

- `core.open_core(settings)` gives a `Core`: key file, database, what is kept in it, and the rules about cases and duty.
- `pana.open_pana(settings)` gives a `Pana`: a core, the questionnaire, the texts, and who talks to people. It hears and
  answers, and draws what is sent; it needs neither a token nor a network.
- `running.wire_bot(pana, token=...)` gives a `Running`: a Pana with its ways to Telegram, mail and push, and the `Bot`.
"""
