"""Every text of the bot itself, in English, by its reader; Russian and Kazakh stand in `locales/`.

Short, calm, plain. No gendered past tense for the person, no promise of a result, nothing alarming in the first
line of a message that the bot sends on its own. Flow texts (questions, options, reasons) live with the flow.
"""
