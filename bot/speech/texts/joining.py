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

# i18n: A coordinator has approved the invited person. key = by which they know what the server has signed.
WELCOME = N_("You are in. The server's signing fingerprint: %(key)s. Compare it with the coordinator and keep it.")
# i18n: Under WELCOME. Commands.
WELCOME_NEXT = N_("/help shows what you can do here, /oncall your duty. In case your phone is lost: /lostword")
# i18n: Under WELCOME, for who has neither push nor e-mail set. Do not disturb: the phone's own setting.
WELCOME_WAYS = N_("If your phone is on “do not disturb” at night: give the coordinator an address for push or e-mail.")
# i18n: To a new member: a test was sent outside Telegram.
TRIAL_PUSH = N_("A test is on its way to you by push. Has it come? Wait a minute before you say no.")
# i18n: The same by e-mail.
TRIAL_MAIL = N_("A test is on its way to you by e-mail. Has it come? Wait some minutes before you say no.")
# i18n: Button under TRIAL_PUSH and TRIAL_MAIL.
TRIAL_CAME = N_("It came")
# i18n: Button under TRIAL_PUSH and TRIAL_MAIL.
TRIAL_MISSED = N_("It did not come")
# i18n: After TRIAL_CAME.
TRIAL_THANKS = N_("Thank you, noted.")
# i18n: After TRIAL_MISSED.
TRIAL_TOLD = N_("Noted, the coordinators are told.")
