# A question in the person's own words, and passing it on to a person.
ask-how =
    Write your question in your own words.
    Please write no names and no places.
answer-first = Here is an answer. I am a program.
answer-helped = This helped
answer-not-meant = Not what I meant
answer-person = Ask a person
answer-thanks = Good to know. Thank you.
answer-only-in = This answer exists only in { $language }.
choices-first = Did you mean one of these?
choices-none = None of these: ask a person
choices-more-first = Perhaps one of these?
dont-know =
    I do not have an answer to this.
    I never guess. A person of the team can read your question.
ask-group-private = I answer this in private. Please write to me: { $address }
ask-group-choices =
    Did you mean one of these? Please ask again more exactly, or write to me in private: { $address }
ask-group-choice = – { $question }
pass-no-team =
    Nobody of the team can be reached here yet.
    Look on the official website for another way.
pass-what = This is what I pass on:
pass-how =
    The team sees these words and your language. They do not see who you are: no account, no name.
    Your words may still tell who you are.
pass-how-apart =
    People outside the team see these words and your language. The team cannot. They do not see who you are: no account, no name.
    Your words may still tell who you are.
pass-when = { $days ->
    [one] A person reads it, as a rule within one day. I cannot promise it.
   *[other] A person reads it, as a rule within { $days } days. I cannot promise it.
}
pass-yes-write = Yes, and write to me here when there is an answer
pass-yes-ask = Yes, and I come back and ask
pass-no = No, do not pass it on
pass-tells =
    Please look at this first.
    In your words I found something that can tell who you are or where:
pass-without = Send it without that: { $text }
pass-as-it-is = Send it as it is
pass-again = Write it again
pass-write = Please write it now, in one message:
pass-done =
    It is passed on.
    Its number: { $ref }
pass-done-write = I write to you here when there is an answer. Your phone may then show that there is a message.
pass-done-ask = To see whether there is an answer, write: news
pass-not = I have not passed it on. I do not keep it.
account-first = Thank you. You do not have to tell it here.
account-what =
    This looks like something that happened, or material.
    I have not passed it on, and I have not kept it.
account-human = Ask for a human, without these words
account-take-back = Take it out of this chat
taken-back = It is out of this chat. Copies on your phone and in backups stay.
take-back-yourself = I may not take it out in this room. Please delete it on your side.
human-done =
    I have asked for a person.
    I passed on none of your words. The number: { $ref }
danger-unreviewed = I cannot help with this. I can call a person.
danger-call = Call a person
danger-duty = Call the person on duty now
danger-safety = How to stay safe
file-question =
    I have not opened this.
    Is it material about a crime?
file-yes = Yes
file-no = No, it explains my question
file-yes-answer =
    Please do not send it here.
    I have not fetched it, and nobody of the team sees it. I do not take material in this chat.
file-warning =
    Please think first.
    A picture or film can tell who made it, where, and with which phone. The team will see it as it is.
file-pass = Pass it on
file-not = Do not pass it on
file-passed = It is passed on with your question { $ref }.
file-which = With which of your questions?
file-which-one = { $ref }, { $kind }
pass-too-long = This is too long for one message. Please write the most important part in a shorter one.
file-not-passed = Your file did not reach the team. You can send it again, smaller or as words.
file-clear = This file came without encryption. I have not fetched it. Please send it again from an app that encrypts files.
voice-question =
    I have not listened to this.
    Your voice can tell who you are.
voice-pass = Pass it on
voice-delete = Delete it
voice-deleted = It is deleted here. Delete it on your phone too.
voice-hour = If you choose nothing within one hour, it is deleted.
voice-hour-yourself = If you choose nothing, I do not fetch it. I may not delete it in this room: please delete it on your side.
edit-not-passed =
    You changed a message that I had passed on.
    I have not passed on the change: it is long, or it can tell who you are. Please write it as a new message, with the number before it.
pass-own-team =
    You are of the team, so I pass this on to nobody.
    Was it a reply? Write “work”, open the case, choose 1, and then write it.
language-of-en = English
language-of-ar = Arabic
language-of-fr = French
language-of-uk = Ukrainian
language-of-es = Spanish
# What stands before a name in somebody's words, divided by |
names-said = my name is | i am called | my father is called | i am mr | i am mrs
# What people write after an answer, divided by |: that they want more of it; words that say nothing by themselves
# around the name of a language ("and in Arabic, please?"); the names of languages as people write them.
more-said = more | tell me more | more please | details | go on
filler-said = and | in | please | also | now | the same | answer | it | to | what about | can you say it | translate
language-said-en = english
language-said-ar = arabic
language-said-fr = french
language-said-uk = ukrainian
language-said-es = spanish
