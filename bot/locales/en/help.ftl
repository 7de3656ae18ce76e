# Threats, feedback, complaints, and where information may go.
threat-question =
    Please write no names and no places.
    Has somebody threatened, followed or questioned you because of this work?
threat-now = Now
threat-before = Before
threat-back = Go back
threat-called = A person has been called. The number: { $ref }
threat-team = The team has been called. The number: { $ref }
threat-on-duty = They are on duty. Where they are, it is { $time } now.
threat-off-duty = Where they are, it is { $time } now. They may read this only at { $begins }.
threat-no-duty = I do not know when they read it.
threat-not-emergency = I am not an emergency service. First:
feedback-ask =
    Write it now, in one message.
    Good or bad, about us, the bot or an answer. The team does not see who writes.
concern-ask =
    Write it now, in one message.
    What worries you about this work? The team does not see who writes.
complain-ask =
    Write it now, in one message.
    People outside the team read it. The team cannot. They do not see who writes.
complain-nobody =
    Nobody outside the team is named here yet.
    Look on the official website for where to complain.
guide-first = Where to? Choose a number:
guide-as-of = The source is of { $date }.
guide-which = Which of them could it be? A few questions
guide-other = Other places
walk-source = From: { $source }
walk-again = Once more from the beginning
menu-ask = Ask in your own words
menu-threat = Somebody threatens me
menu-more = More
menu-status = What I asked
menu-guide = Where information can go
menu-feedback = Feedback
menu-concern = A worry
menu-complain = Complain
menu-work = My work
duty-called =
    Somebody needs you now: { $ref }
duty-how = Somebody was threatened because of this work. To show that you have it, write: take { $ref }. To answer, write: reply { $ref } and your words.
duty-called-desk = The person on duty is called for { $ref }.
