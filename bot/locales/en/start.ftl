# First contact, menu, leaving. The first line of every message must be free of telling words: it may show on a lock
# screen.
hello = Hello
language-name = English
leave-word = Leave
alone-question = Are you alone with this phone?
alone-yes = Yes
alone-not-now = Not now
alone-bye =
    OK, bye.
    Write again when you are alone.
welcome-who =
    Good.
    I am a computer program, not a person. { $name } runs me. A team of people is responsible for me.
    .lite =
    Good.
    I am a program of { $name }.
welcome-can =
    What I can do, and what I cannot:
    I can answer questions about this work, with the source of each answer.
    I cannot help in an emergency. I cannot promise secrecy, protection, money or a result.
    You can ask in your own words. Please do not write names.
    .lite = I answer questions. I cannot help in an emergency and I cannot promise anything. Please write no names.
menu-first-line = Write a number:
menu-faq = Questions and answers
menu-limits = What I can and cannot do
menu-about = Who we are
menu-safety = Your safety
menu-real = Is this real?
menu-whoami = What I keep about you
menu-settings = Settings
menu-bot = The program's state
menu-leave = Leave
menu-menu = Menu
language-question = Which language?
language-set = I write in English now.
unknown =
    I did not understand that.
    I have not kept what you wrote. If you are in danger, write: safety
unknown-here = I do not know this here. Please write to me in private: { $address }
not-text =
    I cannot take that here.
    I did not open it and did not keep it. You can delete it on your side.
no-such-digit = { $digit } is not one of the numbers. Please choose again:
crossed =
    We wrote at the same time.
    To be sure, I did not use your answer. Please answer again:
too-fast =
    Please wait a little.
    That was many messages in a short time. Wait { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }, then write again. 0 leaves at any time, and “safety” and “threat” always work.
was-away =
    I was away.
    I answer your messages now, the oldest first.
unreadable =
    I could not read one of your messages.
    Its key did not reach me. Please send it once more. If that happens again, update your app or write from another device.
clear-message =
    One of your messages came without encryption.
    I did not read it. Please switch encryption on in your app and write again.
not-encrypted = This room is not encrypted, so I cannot talk here. Write anything, and I will invite you to an encrypted room.
private-already = I have invited you to an encrypted room today. Please look at your invitations.
room-declined = I only enter rooms with one person, or rooms that a coordinator opens.
room-not-private =
    Somebody else is in this room now.
    I say nothing personal here any more. Please open a room with me alone.
went-wrong =
    Something went wrong on my side.
    Nothing was changed. Please try again. If you ask a human about it, say: { $ref }
needs-more = Something is missing after this word. Write “help” for examples.
bye = Bye.
group-private = I answer this in private. Please write to me: { $address }
