whoami-first = This is what I keep:
whoami-account = Your account's address, to be able to answer you. Since: { $month }.
whoami-language = Your language: { $language }
whoami-events = { $count ->
    [one] A technical code for one message of yours, without its words.
   *[other] A technical code for each of { $count } messages of yours, without their words.
}
whoami-answers = { $count ->
    [one] A note that I sent you one answer, without its words.
   *[other] A note that I sent you { $count } answers, without their words.
}
whoami-choices = Your choices: short messages, { $lite }; lock phrase, { $lock }; I may write first, { $callme }.
whoami-nothing-else = Nothing else of what you wrote.
yes-word = yes
no-word = no
nothing-held = There is nothing here.
forget-question = Shall I erase what I keep about you?
forget-what =
    Your questions to the team are erased too, here and there.
    I also take back what I wrote here, and what you wrote in the last 24 hours where I may.
    What stays: the codes of your messages of the last two days, so that nothing is done twice. Keys of your device, as long as we are in one room. Copies on your phone, on other devices, in backups and on servers.
forget-yes = Yes, erase it
forget-no = No
forget-done =
    It is erased.
    To remove the room from your list: Leave, then Forget. Bye.
forget-not = Nothing was erased.
settings-first = Settings:
settings-language = Language
settings-lite-on = Short messages: switch on
settings-lite-off = Short messages: switch off
settings-lock = Lock phrase
settings-callme-on = You may write to me first: allow
settings-callme-off = You may write to me first: no longer
settings-forget = Erase what you keep about me
lite-on = I write short messages now.
lite-off = I write longer messages again.
callme-on =
    I may write to you first now.
    Your phone may then show that there is a message. I write only when something that you wait for has happened, or when the page about us changes.
callme-off = I will not write to you first any more.
lock-ask =
    Choose a phrase and write it now.
    I ask for it before I show what is yours: what I keep, your questions, news. It opens them for one hour. I cannot tell it to you again. At least six letters. To stop, write 0.
lock-short = That is too short. Please write at least six letters:
lock-set =
    The phrase is set.
    I do not keep your message with it.
lock-removed = The phrase is removed.
lock-change = Another phrase
lock-remove = Remove the phrase
lock-first = There is a phrase.
lock-delete-yours = I may not take your message back in this room. Please delete it on your side.
unlock-private = This is locked with your phrase. Please write “unlock” to me in private: { $address }
unlock-ask = Please write your phrase:
unlocked = Thank you.
unlock-nothing = There is no phrase to ask for.
