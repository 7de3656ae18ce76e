# Questions that were passed on: what the person reads and what the desk reads.
news-first = There is news for you.
news-waits = There is news for you: write “news”.
news-none = There is nothing new.
news-end = That is all.
case-about = About { $ref }:
case-in-language = This is written in { $language }.
case-write-back = To write back: reply to this message, or write { $ref } and your words.
case-written = Passed on, with { $ref }.
case-none = There is nothing called { $ref }.
case-too-many = { $count ->
    [one] I pass on one question a day. Please come back tomorrow. What is urgent: write “threat”.
   *[other] I pass on { $count } questions a day. Please come back tomorrow. What is urgent: write “threat”.
}
case-no-desk = The team's room is not ready. Please try again later; nothing was passed on.
case-erased-on = The team's copy of what was written is erased on { $date }.
case-held = What was written is kept until { $date }, longer than we said before.
case-closed = { $ref } is closed. To go on with it, open it again.
case-cannot-reopen = { $ref } cannot be opened again.
status-own-first = What you asked:
status-own-none = You have no open questions.
status-own-waits = { $ref }, since { $date }: a person has not answered yet
status-own-answered = { $ref }, since { $date }: answered
status-own-more = Write more to { $ref }
status-own-end = Erase { $ref }
status-own-erased = { $ref } is erased, here and at the team. What stays: the number, the language and the outcome.
status-own-ask = What shall be done with { $ref }?
whoami-cases = { $count ->
    [one] One question of yours that a person answers, with its words, until it is erased.
   *[other] { $count } questions of yours that a person answers, with their words, until they are erased.
}
outcome-answered = This is closed: it was answered.
outcome-not-ours = This is closed: it is not something that this body can do.
outcome-cannot-say = This is closed: we may not answer it. The reason:
outcome-heard = This is closed: we have heard it, and we will not do it. The reason:
outcome-done = This is closed: we changed something because of it.
outcome-no-answer = This is closed: we asked you something and heard nothing. You can open it again by writing.
outcome-withdrawn = This is closed: you took it back.
outcome-duplicate = This is closed: the same was asked and answered already.
outcome-unsafe = This is closed.
outcome-name-answered = answered
outcome-name-not-ours = not ours
outcome-name-cannot-say = cannot say
outcome-name-heard = heard
outcome-name-done = done
outcome-name-no-answer = no answer
outcome-name-withdrawn = withdrawn
outcome-name-duplicate = duplicate
outcome-name-unsafe = unsafe
# ---- the desk ----
case-kind-question = question
case-kind-person = asks for a person, without words
case-kind-feedback = feedback
case-kind-concern = concern
case-kind-complaint = complaint
case-kind-threat = threat
case-header = { $ref } · { $kind }
case-header-urgent = URGENT { $ref } · { $kind }
case-header-waits = Waiting since { $date }
case-header-answered = Answered; the person can write back
case-header-closed = Closed: { $outcome }
case-header-owner = With: { $who }
case-header-nobody = With: nobody yet
case-header-of = Language: { $language }. Role: { $role }
case-header-merged = Joined to { $ref }: answer there
case-header-erased-on = Erased on { $date }
case-header-erased = Its words are erased.
case-person-says = The person writes:
case-staff-said = { $who } wrote:
case-noted-by = { $who } noted, for us alone:
case-waits-by = { $who } wrote; the person has not read it yet:
case-told = The bot told the person:
case-a-file = (a file)
case-noted = Kept as a note here. 1 sends it to the person.
case-noted-file = Kept here. 1 sends this file to the person.
case-nothing-to-send = There is no note of yours from the last hour to send.
case-sent = Goes to the person in { $seconds } seconds. To stop it, write: !undo
case-sent-waits = Kept for the person; they read it when they write. For { $seconds } seconds “!undo” stops it.
case-other-language = This reads as { $language }; the person writes { $theirs }. It is kept as a note. 1 sends it all the same.
case-undone = Stopped. It was not sent.
case-undo-late = It has gone already. Delete your message here to take it back there too.
case-undo-nothing = Nothing was sent in this case today that can be stopped.
case-undone-open = Stopped. The person was told nothing, and { $ref } is open again.
case-waits-after-all = The person stopped before this went. It waits until they write and ask for news.
case-other-keys = The person's account came back with other keys; it may be somebody else. Nothing of this case reaches it any more. You can still close it.
case-apart-again = { $ref } and { $other } are apart again: one of the two wrote something of their own.
case-file-lost = A file that the person sent could not be passed on. The person is told.
case-not-reached = The last message could not be sent to the person. Their server or their device does not take it.
case-list-rest = There are more. To see them, write “work” to me in private.
case-which = Which one? Write its number after the word, or write in its thread.
case-taken = { $ref } is with you now.
case-assigned = { $ref } is with { $who } now.
case-nobody-called = Nobody at this desk is called { $who }.
case-closed-now = { $ref } is closed.
case-reopened = { $ref } is open again.
case-moved = { $ref } is at the desk { $desk } now.
case-is-there = It is at the desk { $desk } already.
desk-unknown = The desks are: { $list }
case-merged = { $ref } is joined to { $into }. Who asked hears the answers to { $into }.
case-cannot-merge = These two cannot be joined. Both must be open and at one desk.
case-not-closed = { $ref } is not closed.
case-needs-reason = Please write the reason after the date.
case-hold-date = Please write a later day, like 2027-03-01.
case-held-now = { $ref } is kept until { $date }.
case-list-first = { $count ->
    [one] One open case, the oldest first:
   *[other] { $count } open cases, the oldest first:
}
case-list-none = There are no open cases.
case-list-line = { $ref } · { $kind } · since { $date } · { $who }
case-overdue-none = { $days ->
    [one] Nothing has waited longer than one day.
   *[other] Nothing has waited longer than { $days } days.
}
outcome-unknown = The outcomes are: answered, not ours, cannot say, heard, done, no answer, duplicate, unsafe.
outcome-needs-words = “{ $outcome }” needs a reason after it.
prepared-first = Prepared replies. To send one, write: !reply = and its name
prepared-line = { $name }: { $text }
prepared-none = There is no prepared reply called { $name }.
board-first = { $count ->
    [0] No open cases.
    [one] One open case:
   *[other] { $count } open cases:
}
board-line = { $ref } · { $kind } · since { $date } · { $who }
board-line-waits = { $ref } · { $kind } · since { $date } · { $who } · waits
digest-open = { $count ->
    [one] One case is open.
   *[other] { $count } cases are open.
}
digest-overdue = { $days ->
    [one] Waiting longer than one day: { $list }
   *[other] Waiting longer than { $days } days: { $list }
}
digest-many = { $count } are many for one desk. The operator can make a desk for each language in the config.
reveal-needs-reason = Please write the reason in a few words after the number.
reveal-needs-room = You need a private room with me first: it is told nowhere else. Write to me, then ask again.
reveal-asked = { $who } asks that two of you may know who wrote { $ref }. Somebody else answers: !approve { $approval }, or !refuse { $approval }
reveal-requested = This needs a second person. Another member of the team writes: !approve { $ref }
reveal-reason = The reason:
reveal-answer = { $ref } was written by: { $account }
reveal-keep = Tell nobody, write it down nowhere. The person is told that two of you know it, and why.
reveal-told = Two members of the team now know your account. The reason they gave:
# ---- the officer's own room ----
work-first = Your work:
work-now = Needs me now ({ $count })
work-mine = My cases ({ $count })
work-nobody = Nobody's cases ({ $count })
work-approve = To approve ({ $count })
work-pause = Pause everything
work-none = There is nothing here.
work-more = More
work-back = Back
work-reply = Reply
work-take = Take it
work-close = Close it
work-other-desk = Give it to another desk
work-next = Next one
work-write-reply = Write the reply now, in one message:
work-outcome = With which outcome?
work-write-reason = Write the reason now, in one message:
work-approve-line = { $ref } · { $deed } · { $who }
work-approve-reveal = Two of you would know who wrote { $ref }. You and who asks learn it here, and the person is told.
work-approve-mode = Then the mode is: { $mode }
work-approve-role = Then { $account } has the role: { $role }
work-approve-yes = Approve { $ref }
work-approve-no = Refuse { $ref }
work-pause-sure = Pause everything now? Questions, too, wait then.
work-pause-yes = Yes, pause
deed-mode = a mode that opens more
deed-role = a role
deed-reveal = who asked in a case
deed-faq = a change of an answer
