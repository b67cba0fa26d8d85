"""The texts for somebody who was invited to be a member."""

from bot.speech.texts.marks import N_

# i18n: To somebody who came with a valid invitation: what will come. file, command = what makes a key.
JOIN_STEPS = N_(
    "What comes now:\n"
    "1. On your own device, make a key: with the file %(file)s, if the coordinator has sent it, or “%(command)s”.\n"
    "2. Send its public half here, as text or as a file. It begins like this: %(example)s\n"
    "3. Compare its fingerprint with the coordinator, and not in this chat."
)
# i18n: The key has come. key = its fingerprint.
JOIN_DONE = N_("The key has come. Its fingerprint: %(key)s. Tell it to the coordinator.")
# i18n: What came is no key.
JOIN_BAD = N_("This is not a public key. Please send it again. It begins like this: %(example)s")
# i18n: The invited person has sent a file, which Telegram does not give to the bot.
JOIN_UNFETCHED = N_("The file could not be fetched. Please send it again, or send the public key as text.")
# i18n: A secret key has come. command = what makes a new one on the member's own device.
JOIN_SECRET = N_(
    "This is a secret key: nobody but you may see it. It has been in the chat, so please do not use it any more. "
    "Make a new one with “%(command)s”, then send the new public key here. It begins like this: %(example)s"
)
# i18n: The public key that came is another member's, or one of the recovery keys: a wrong file. command = what makes a
# new key on the member's own device.
JOIN_OTHERS = N_(
    "This key belongs to somebody else. Make your own with “%(command)s”, then send its public half here. It begins"
    " like this: %(example)s"
)
